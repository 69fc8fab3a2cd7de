/**
 * The WeCom Data API client, usable without n8n.
 *
 * @packageDocumentation
 */
export { operations } from './api';
export { abilityExample, type AbilityExample } from './api/abilities';
export type { ProgramStyle, ZoneProgram } from './api/carriers/carrier';
export {
	WecomClient,
	type Authentication,
	type CallOptions,
	type ClientSettings,
	type Description,
} from './api/client';
export { toLibraryRoute, type LibraryRouteFields } from './api/libraryRoute';
export {
	downloadMedia,
	saveMedia,
	type DownloadSettings,
	type FetchPiece,
	type FilePiece,
	type MediaLimits,
	type ReceivedMedia,
	type WantedFile,
} from './api/media';
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
export { fileFacts, MEDIA_TYPES, mediaOf, mediaOfView, type MediaFile } from './archive/media';
export type { MessageOpener, SealedBody } from './archive/messageOpener';
export {
	RecordDecryptor,
	type DecryptedRecord,
	type EncryptedRecord,
	type PageSettings,
} from './archive/record';
export { keepSuiteTicket } from './auth/suiteTicket';
export { CallbackReceiver } from './callback/receiver';
export { DataApiClient, type DataApiClientSettings } from './dataApiClient';
export * from './errors';
export { CallQueue } from './http/callQueue';
export { closeLibraries, openLibrary } from './library';
export type {
	ArchiveLibrary,
	LibraryAccess,
	LibraryFacts,
	LibraryPlace,
	LibraryRoute,
	MediaPiece,
	OpenLibrary,
} from './library/archiveLibrary';
export * from './library/libraryErrors';
export { claim } from './state/exactlyOnce';
export { makeMemoryState } from './state/memoryState';
export { closeRedisConnections, makeRedisState, type RedisSettings } from './state/redisState';
export type { State } from './state/stateStore';
