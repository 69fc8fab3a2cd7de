import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyMode,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/**
 * What a translation file says about one parameter, option or mode, under n8n's own keys. `modes`
 * and `action` are additions: n8n never looks those up. An `action` that differs by resource is an
 * object from resource to text.
 */
interface Texts {
	displayName?: string;
	description?: string;
	hint?: string;
	placeholder?: string;
	multipleValueButtonText?: string;
	action?: string | Record<string, string>;
	options?: Record<string, Texts>;
	values?: Record<string, Texts>;
	modes?: Record<string, Texts>;
}

interface NodeTranslation {
	header: Pick<INodeTypeDescription, 'displayName' | 'description' | 'subtitle'>;
	nodeView: Record<string, Texts> &
		Partial<Pick<INodeTypeDescription, 'eventTriggerDescription' | 'activationMessage'>> & {
			/** The messages of the node's hints, in their order. */
			hints?: string[];
		};
}

type CredentialTranslation = Record<string, Texts> & { displayName: string };
type PropertyEntry = NonNullable<INodeProperties['options']>[number];

/* eslint-disable @n8n/community-nodes/no-restricted-globals -- the language is a setting of n8n that no node is told in another way; the files lie beside the code */
const ROOT = join(__dirname, '..', '..');

/**
 * Puts a node's texts into the language n8n is set to (N8N_DEFAULT_LOCALE), where the package has a
 * translation file for it. n8n's editor cannot do it: it looks up `nodes.<type>`, and the dot in the
 * type of a community node (`package.node`) leads its lookup astray. Measured on 2.41.1.
 *
 * The name a new node gets on the canvas stays as it is: n8n makes the tool names of agents of it
 * and turns everything but Latin letters and digits into "_".
 */
export function localizeNode(node: INodeType): void {
	const { name } = node.description;
	const folder = name.charAt(0).toUpperCase() + name.slice(1);
	const translation = read<NodeTranslation>('nodes', folder, name);
	if (!translation) return;
	const { header, nodeView } = translation;
	const { eventTriggerDescription, activationMessage, hints: messages = [] } = nodeView;
	const { hints } = node.description;
	node.description = {
		...node.description,
		...header,
		...(eventTriggerDescription ? { eventTriggerDescription } : {}),
		...(activationMessage ? { activationMessage } : {}),
		...(hints
			? { hints: hints.map((hint, at) => ({ ...hint, message: messages[at] ?? hint.message })) }
			: {}),
		properties: node.description.properties.map((property) =>
			localize(property, nodeView[property.name]),
		),
	};
}

/** The same for a credential type. */
export function localizeCredential(credential: ICredentialType): void {
	const translation = read<CredentialTranslation>('credentials', '', credential.name);
	if (!translation) return;
	credential.displayName = translation.displayName;
	credential.properties = credential.properties.map((property) =>
		localize(property, translation[property.name]),
	);
}

function read<T>(kind: string, folder: string, name: string): T | undefined {
	const locale = process.env.N8N_DEFAULT_LOCALE ?? '';
	if (!/^[\w-]+$/.test(locale)) return undefined;
	const path = join(ROOT, kind, folder, 'translations', locale, `${name}.json`);
	return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/** A copy: fields are shared between nodes. `depth` counts the names on the way to the property. */
function localize(property: INodeProperties, texts: Texts = {}, depth = 1): INodeProperties {
	const { multipleValueButtonText } = texts;
	return {
		...property,
		...wording(texts),
		...(property.options
			? { options: property.options.map((entry) => localizeEntry(property, entry, texts, depth)) }
			: {}),
		...(property.modes
			? { modes: property.modes.map((mode) => localizeMode(mode, texts.modes?.[mode.name])) }
			: {}),
		...(multipleValueButtonText
			? { typeOptions: { ...property.typeOptions, multipleValueButtonText } }
			: {}),
	};
}

function localizeEntry(
	property: INodeProperties,
	entry: PropertyEntry,
	texts: Texts,
	depth: number,
): PropertyEntry {
	if ('values' in entry) return localizeGroup(entry, texts, depth);
	if (!('value' in entry)) return localize(entry, below(texts, depth)[entry.name], depth + 1);
	const option = texts.options?.[String(entry.value)] ?? {};
	return { ...entry, ...optionWording(option, property) } satisfies INodePropertyOptions;
}

function localizeGroup(
	group: INodePropertyCollection,
	texts: Texts,
	depth: number,
): INodePropertyCollection {
	const inside = below(below(texts, depth)[group.name] ?? {}, depth + 1);
	return {
		...group,
		...wording(texts.options?.[group.name] ?? {}),
		values: group.values.map((value) => localize(value, inside[value.name], depth + 2)),
	};
}

function localizeMode(mode: INodePropertyMode, texts: Texts = {}): INodePropertyMode {
	return { ...mode, ...wording(texts) };
}

/** n8n's keys put `options` and `values` in turn between the names on a path. */
function below(texts: Texts, depth: number): Record<string, Texts> {
	return texts[depth % 2 === 1 ? 'options' : 'values'] ?? {};
}

function wording({ displayName, description, hint, placeholder }: Texts) {
	return {
		...(displayName ? { displayName } : {}),
		...(description ? { description } : {}),
		...(hint ? { hint } : {}),
		...(placeholder ? { placeholder } : {}),
	};
}

function optionWording({ displayName, description, action }: Texts, property: INodeProperties) {
	const resource = String(property.displayOptions?.show?.resource?.[0]);
	const ownAction = typeof action === 'object' ? action[resource] : action;
	return {
		...(displayName ? { name: displayName } : {}),
		...(description ? { description } : {}),
		...(ownAction ? { action: ownAction } : {}),
	};
}
