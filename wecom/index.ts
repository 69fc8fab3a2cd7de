/**
 * The WeCom Data API client, usable without n8n.
 *
 * @packageDocumentation
 */
export { operations } from './api';
export { WecomClient, type Authentication, type ClientSettings } from './api/client';
export { listEntries } from './api/paging';
export { KeyRing } from './archive/keyRing';
export { RecordDecryptor, type DecryptedRecord, type EncryptedRecord } from './archive/record';
export { CallbackReceiver } from './callback/receiver';
export { DataApiClient, type DataApiClientSettings } from './dataApiClient';
export * from './errors';
