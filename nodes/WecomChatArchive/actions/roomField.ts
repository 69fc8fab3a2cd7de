import type { INodeProperties } from 'n8n-workflow';

/** The group that an operation is about. */
export function roomIdField(description: string): INodeProperties {
	return {
		displayName: 'Room ID',
		name: 'roomId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
		description,
	};
}
