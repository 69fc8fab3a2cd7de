import type { INodeProperties } from 'n8n-workflow';

/** Longest Request Timeout. */
export const MAX_TIMEOUT_SECONDS = 600;

/** Raises or lowers how long one request may take. */
export const requestTimeoutField: INodeProperties = {
	displayName: 'Request Timeout',
	name: 'requestTimeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MAX_TIMEOUT_SECONDS, numberPrecision: 0 },
	default: 30,
	description: 'Seconds to wait for one answer of WeCom',
};

/** As {@link requestTimeoutField} for an operation that takes longer; the seconds are its default. */
export function longRequestTimeoutField(seconds: number): INodeProperties {
	return { ...requestTimeoutField, default: seconds };
}

/** Simplify, for whatever has more fields than most people want. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Return All and Limit, for every list; {@link Item.list} reads them. */
export const listFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** A line above the fields: what has to be in place before the operation works. */
export function noticeField(name: string, text: string): INodeProperties {
	return { displayName: text, name, type: 'notice', default: '' };
}

/**
 * A choice of something WeCom lists: from the list, with search, or by its id.
 * {@link Item.id} reads it.
 *
 * @param searchListMethod name in the node's `methods.listSearch`
 * @param placeholder an id as it looks in real life
 */
export function locatorField(
	facts: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
	searchListMethod: string,
	placeholder: string,
): INodeProperties {
	const name = facts.displayName.toLowerCase();
	const article = /^[aeiou]/.test(name) ? 'an' : 'a';
	return {
		...facts,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${article} ${name}…`,
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${placeholder}` },
		],
	};
}

/** An Options collection of these fields, in the order of their names. */
export function optionsOf(...fields: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: inOrder(fields),
	};
}

/** A collection of fields that may be left out. */
export function additionalFieldsOf(
	fields: INodeProperties[],
	name: 'additionalFields' | 'updateFields' | 'filters' = 'additionalFields',
): INodeProperties {
	const [displayName, placeholder] = {
		additionalFields: ['Additional Fields', 'Add field'],
		updateFields: ['Update Fields', 'Add field'],
		filters: ['Filters', 'Add filter'],
	}[name] as [string, string];
	return {
		displayName,
		name,
		type: 'collection',
		placeholder,
		default: {},
		options: inOrder(fields),
	};
}

/** Fields of a collection in the order of their names, as n8n wants them. */
export function inOrder(fields: INodeProperties[]): INodeProperties[] {
	return [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}
