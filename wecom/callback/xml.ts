import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { CallbackRefusedError } from '../errors';
import { isJsonObject, type JsonObject } from '../json';
import { decodeReferences } from './references';

/** An envelope has a handful of elements, an event some dozens: more is an attack. */
const MAX_TAGS = 2000;
const CDATA = '<![CDATA[';

/** A piece of markup met on the way through a text. */
interface Tag {
	/** As written: `Encrypt`, `/Encrypt`; attributes cut off. */
	name: string;
	/** Index after the closing `>`. */
	end: number;
	selfClosing: boolean;
}

/**
 * Walks over the tags of a text, stepping over CDATA, comments and processing instructions. Linear
 * in the length of the text whatever it holds, and bounded in the number of tags: safe on bytes
 * nobody has vouched for.
 *
 * @throws CallbackRefusedError `dtd` for any document type or entity declaration, `malformed_body`
 *   for markup that does not end
 */
function* tagsOf(text: string): Generator<Tag> {
	let tags = 0;
	for (let at = text.indexOf('<'); at !== -1;) {
		let end: number;
		if (text.startsWith(CDATA, at)) end = after(text, ']]>', at);
		else if (text.startsWith('<!--', at)) end = after(text, '-->', at + 4);
		else if (text.startsWith('<?', at)) end = after(text, '?>', at + 2);
		else if (text.startsWith('<!', at)) {
			throw new CallbackRefusedError('dtd', 'The XML declares a document type or an entity');
		} else {
			if (++tags > MAX_TAGS) {
				throw new CallbackRefusedError('malformed_body', `The XML has over ${MAX_TAGS} tags`);
			}
			end = after(text, '>', at + 1);
			const inner = text.slice(at + 1, end - 1);
			const name = /^\/?[^\s/]*/.exec(inner)?.[0] ?? '';
			yield { name, end, selfClosing: inner.endsWith('/') };
		}
		at = text.indexOf('<', end);
	}
}

function after(text: string, mark: string, from: number): number {
	const at = text.indexOf(mark, from);
	if (at === -1) throw new CallbackRefusedError('malformed_body', 'The XML ends in the middle');
	return at + mark.length;
}

/**
 * Finds the text of a direct child of the root element, without parsing the rest.
 *
 * @param name lower-cased element name; case is ignored, for n8n and proxies change it
 * @returns undefined when there is no such element
 */
export function findChild(text: string, name: string): string | undefined {
	let depth = 0;
	for (const tag of tagsOf(text)) {
		if (tag.name.startsWith('/')) {
			depth--;
			continue;
		}
		if (depth === 1 && !tag.selfClosing && tag.name.toLowerCase() === name) {
			return elementText(text, tag.end);
		}
		if (!tag.selfClosing) depth++;
	}
	return undefined;
}

function elementText(text: string, start: number): string {
	const first = text.slice(start, start + 64).search(/\S/) + start;
	return text.startsWith(CDATA, first)
		? text.slice(first + CDATA.length, after(text, ']]>', first) - 3).trim()
		: decodeReferences(text.slice(start, after(text, '<', start) - 1)).trim();
}

/** Nothing is remembered of a document, and a document type was refused before. */
const ignore = () => undefined;

const parser = new XMLParser({
	ignoreAttributes: true,
	parseTagValue: false, // MsgId is beyond 2^53, and ids may look like numbers
	trimValues: true,
	// The parser's own either leaves numbers alone or knows all of HTML's names.
	entityDecoder: {
		decode: decodeReferences,
		setExternalEntities: ignore,
		addInputEntities: ignore,
		reset: ignore,
		setXmlVersion: ignore,
	},
});

/**
 * Parses a verified message. Every value stays text, references in it replaced; repeated elements
 * become lists.
 *
 * @param text trimmed
 * @returns the content of the root element; undefined when the text is no XML document
 * @throws CallbackRefusedError `dtd`
 */
export function parseXmlMessage(text: string): JsonObject | undefined {
	if (!text.startsWith('<')) return undefined;
	try {
		for (const _tag of tagsOf(text)); // refuses a DTD before a parser sees it
		// An ampersand that begins no reference, in the address of a link say, stays what it is.
		if (XMLValidator.validate(text.replaceAll('&', '')) !== true) return undefined;
		const document = parser.parse(text) as JsonObject;
		const roots = Object.entries(document).filter(([name]) => !name.startsWith('?'));
		const root = roots.length === 1 ? roots[0]?.[1] : undefined;
		return isJsonObject(root) ? root : undefined;
	} catch (error) {
		if (error instanceof CallbackRefusedError && error.reason === 'dtd') throw error;
		return undefined;
	}
}
