const QUERY_SECRET =
	/\b((?:suite_|provider_)?access_token|corpsecret|suite_secret|provider_secret|permanent_code|suite_ticket|secret|passwd)(=|"\s*:\s*"|:\s*)([^&\s"',}]+)/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const MIN_SECRET_CHARACTERS = 4;
const MAX_SECRETS = 64;

/**
 * Takes secrets out of every text that may reach a person or a log: by name (a token in a query
 * string), by shape (a private key) and by value (the tokens and secrets this client knows).
 */
export class Redactor {
	private readonly values = new Set<string>();

	/** @param secrets values to remove wherever they appear; blanks are ignored */
	constructor(secrets: Array<string | undefined> = []) {
		for (const secret of secrets) this.add(secret);
	}

	/** Learns one more secret, a token just fetched say. The oldest is forgotten beyond 64. */
	add(secret: string | undefined): void {
		if (!secret || secret.length < MIN_SECRET_CHARACTERS) return;
		this.values.delete(secret);
		this.values.add(secret);
		if (this.values.size > MAX_SECRETS) {
			const [oldest] = this.values;
			if (oldest !== undefined) this.values.delete(oldest);
		}
	}

	/** The text with every secret replaced by `***`, at most 500 characters of it. */
	clean(text: string): string {
		let cleaned = text.slice(0, 4000);
		for (const value of this.values) {
			cleaned = cleaned.replaceAll(value, '***').replaceAll(encodeURIComponent(value), '***');
		}
		cleaned = cleaned.replace(PRIVATE_KEY, '***').replace(QUERY_SECRET, '$1$2***');
		return cleaned.length > 500 ? `${cleaned.slice(0, 500)}…` : cleaned;
	}
}
