import type { INodeCredentialTestResult } from 'n8n-workflow';

/** What the test of a credential found out. */
export interface Finding {
	/**
	 * `proof`: it works. `limit`: it works, but for this. `problem`: the credential is of no use as it
	 * is.
	 */
	kind: 'proof' | 'limit' | 'problem';
	/** A sentence or more, the last one without a full stop. */
	text: string;
}

/** Something works. */
export function proof(text: string): Finding {
	return { kind: 'proof', text };
}

/** Something does not work, and the rest does. */
export function limit(text: string): Finding {
	return { kind: 'limit', text };
}

/** Nothing works as long as this is not mended. */
export function problem(text: string): Finding {
	return { kind: 'problem', text };
}

/** What n8n shows of the findings: first what works, then what does not. */
export function toResult(findings: readonly Finding[]): INodeCredentialTestResult {
	const textsOf = (...kinds: Array<Finding['kind']>) =>
		findings.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
	return {
		status: findings.some(({ kind }) => kind === 'problem') ? 'Error' : 'OK',
		message: [textsOf('proof').join('; '), ...textsOf('limit', 'problem')]
			.filter((text) => text !== '')
			.join('. ')
			.replaceAll('.. ', '. '),
	};
}
