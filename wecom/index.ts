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
export { keepSuiteTicket } from './auth/suiteTicket';
export { CallbackReceiver } from './callback/receiver';
export { DataApiClient, type DataApiClientSettings } from './dataApiClient';
export * from './errors';
export { CallQueue } from './http/callQueue';
export { claim } from './state/exactlyOnce';
export { makeMemoryState } from './state/memoryState';
export { closeRedisConnections, makeRedisState, type RedisSettings } from './state/redisState';
export type { State } from './state/stateStore';
