/** What nobody sees and copying brings along: zero-width blanks, byte order marks, marks of direction. */
const INVISIBLE =
	'\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff';
const EVERYWHERE = new RegExp(`[${INVISIBLE}]`, 'g');
const AT_THE_ENDS = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, 'g');

/** A text without the blanks around it, those that nobody sees included. */
export function trimmed(text: string): string {
	return text.replace(AT_THE_ENDS, '');
}

/** A text without anything that nobody sees, for what is made of letters and digits. */
export function visible(text: string): string {
	return text.replace(EVERYWHERE, '');
}
