const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
};
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,10})|#[xX]([\da-fA-F]{1,8}));/g;

/**
 * Replaces the references that XML has without a document type: the five names, and characters by
 * their number. In one pass, so that `&amp;#20013;` stays a text about a reference; the text never
 * grows. What names no character of XML (0, surrogates, beyond U+10FFFF) stays as it is written.
 *
 * @example decodeReferences('&#20013;&#x6587; &amp;lt;') // '中文 &lt;'
 * Source: https://www.w3.org/TR/xml/#dt-charref
 */
export function decodeReferences(text: string): string {
	return text.replace(
		REFERENCE,
		(whole: string, name?: string, decimal?: string, hexadecimal?: string) => {
			if (name) return NAMED[name] ?? whole;
			const code = decimal ? Number(decimal) : parseInt(hexadecimal ?? '', 16);
			return isCharacter(code) ? String.fromCodePoint(code) : whole;
		},
	);
}

/** Source: https://www.w3.org/TR/xml/#charsets */
function isCharacter(code: number): boolean {
	return (
		code === 0x9 ||
		code === 0xa ||
		code === 0xd ||
		(code >= 0x20 && code <= 0xd7ff) ||
		(code >= 0xe000 && code <= 0xfffd) ||
		(code >= 0x10000 && code <= 0x10ffff)
	);
}
