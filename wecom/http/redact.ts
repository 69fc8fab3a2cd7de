const QUERY_SECRET =
	/\b((?:suite_|provider_)?access_token|corpsecret|suite_secret|provider_secret|permanent_code|suite_ticket|secret|passwd)(=|"\s*:\s*"|:\s*)([^&\s"',}]+)/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const MIN_SECRET_CHARACTERS = 4;
const MAX_LEARNT = 64;
const MAX_READ = 4000;

/**
 * Takes secrets out of every text that may reach a person or a log: by name (a token in a query
 * string), by shape (a private key) and by value (the tokens and secrets this client knows).
 */
export class Redactor {
	/** What the client was made with; never forgotten. */
	private readonly given = new Set<string>();
	private readonly learnt = new Set<string>();

	/** @param secrets values to remove wherever they appear; blanks are ignored */
	constructor(secrets: Array<string | undefined> = []) {
		for (const secret of secrets) remember(this.given, secret);
	}

	/** Learns one more secret, a token just fetched say. Beyond 64 the first learnt is forgotten. */
	add(secret: string | undefined): void {
		remember(this.learnt, secret);
		if (this.learnt.size > MAX_LEARNT) {
			const [oldest] = this.learnt;
			if (oldest !== undefined) this.learnt.delete(oldest);
		}
	}

	/** The text with every secret replaced by `***`, at most 500 characters of it. */
	clean(text: string): string {
		// Longest first: a value may begin with another one.
		const values = [...this.given, ...this.learnt].sort((a, b) => b.length - a.length);
		let cleaned = text.slice(0, MAX_READ);
		for (const value of values) {
			cleaned = cleaned.replaceAll(value, '***').replaceAll(encodeURIComponent(value), '***');
		}
		if (text.length > MAX_READ) {
			// The end may be the beginning of a value.
			const longest = Math.max(0, ...values.map((value) => encodeURIComponent(value).length));
			cleaned = cleaned.slice(0, Math.max(0, cleaned.length - longest));
		}
		cleaned = cleaned.replace(PRIVATE_KEY, '***').replace(QUERY_SECRET, '$1$2***');
		return cleaned.length > 500 ? `${cleaned.slice(0, 500)}…` : cleaned;
	}
}

function remember(values: Set<string>, secret: string | undefined): void {
	const value = secret?.trim() ?? '';
	if (value.length < MIN_SECRET_CHARACTERS) return;
	values.delete(value);
	values.add(value);
}
