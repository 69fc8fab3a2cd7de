/**
 * The WeCom Data API client, usable without n8n.
 *
 * @packageDocumentation
 */
export { operations } from './api';
export type { ProgramStyle, ZoneProgram } from './api/carriers/carrier';
export {
	WecomClient,
	type Authentication,
	type CallOptions,
	type ClientSettings,
	type Description,
} from './api/client';
export { askModel, modelResult, type JobMemory, type JoinedAnswer } from './api/modelJobs';
export type { Model, ModelInput, ModelMessage } from './api/modelOperation';
export {
	listOperation,
	operation,
	type ExchangeFacts,
	type FeedFacts,
	type JobFacts,
	type ListFacts,
	type ListOperation,
	type Operation,
	type OperationFacts,
} from './api/operation';
export { listEntries } from './api/paging';
export type {
	Contract,
	Exchange,
	Feed,
	Job,
	JobId,
	Marks,
	Page,
	PageInput,
	Route,
	Wire,
} from './api/wire';
export { messagesOfPages, type RecordPage } from './api/zoneMessages';
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
