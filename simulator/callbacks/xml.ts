import type { EventFields } from './events';

/** CDATA that may contain anything, `]]>` too. */
function cdata(text: string): string {
	return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** `<xml>` with one element a field: text in CDATA, numbers bare. */
export function toXml(fields: EventFields): string {
	const elements = Object.entries(fields).map(
		([name, value]) =>
			`<${name}>${typeof value === 'number' ? String(value) : cdata(value)}</${name}>`,
	);
	return `<xml>${elements.join('')}</xml>`;
}
