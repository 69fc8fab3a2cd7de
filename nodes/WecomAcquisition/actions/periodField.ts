import type { INodeProperties } from 'n8n-workflow';

/** One end of the time that an operation is about. */
export const periodField = (
	facts: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
): INodeProperties => ({ ...facts, type: 'dateTime', default: '', required: true });
