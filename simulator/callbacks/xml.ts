import type { EventFields, EventValue } from './samples';

/** CDATA that may contain anything, `]]>` too. */
function cdata(text: string): string {
	return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** `<xml>` with one element a field: text in CDATA, numbers bare, elements within for more fields. */
export function toXml(fields: EventFields): string {
	return `<xml>${elementsOf(fields)}</xml>`;
}

function elementsOf(fields: EventFields): string {
	return Object.entries(fields)
		.map(([name, value]) => `<${name}>${contentOf(value)}</${name}>`)
		.join('');
}

function contentOf(value: EventValue): string {
	if (typeof value === 'object') return elementsOf(value);
	return typeof value === 'string' ? cdata(value) : String(value);
}
