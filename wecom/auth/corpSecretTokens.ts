import { createHash } from 'node:crypto';

import { InvalidInputError, WecomResponseError } from '../errors';
import { withRetries, type RetrySettings } from '../http/retry';
import type { WecomHttp } from '../http/wecomHttp';
import type { TokenCache } from './tokenCache';
import type { TokenKind, TokenSource } from './tokenSource';

/** What a self-built or 代开发 app knows of itself. */
export interface CorpSecret {
	corpId: string;
	corpSecret: string;
}

/**
 * Fetches access_tokens with corpid and secret (`/cgi-bin/gettoken`), kept in a shared cache.
 * Source: https://developer.work.weixin.qq.com/document/path/91039
 */
export class CorpSecretTokens implements TokenSource {
	private readonly key: string;

	constructor(
		private readonly secret: CorpSecret,
		private readonly http: WecomHttp,
		private readonly cache: TokenCache,
		baseUrl: string,
		/** Tokens of the other kinds. */
		private readonly others: TokenSource,
		private readonly retry?: RetrySettings,
	) {
		requireText('corpId', secret.corpId, 'WeCom admin console → 我的企业 → 企业信息 → 企业ID');
		requireText(
			'corpSecret',
			secret.corpSecret,
			'WeCom admin console → 应用管理 → the app → Secret',
		);
		this.key = createHash('sha256')
			.update(JSON.stringify([baseUrl, secret.corpId, secret.corpSecret]))
			.digest('hex');
	}

	/** @throws WecomApiError with WeCom's own words for a wrong corpid or secret; not retried */
	async get(kind: TokenKind, signal?: AbortSignal): Promise<string> {
		if (kind !== 'access_token') return await this.others.get(kind, signal);
		const token = await this.cache.get(this.key, async () => await this.fetch(), signal);
		this.http.redactor.add(token);
		return token;
	}

	discard(kind: TokenKind, token: string): boolean {
		if (kind !== 'access_token') return this.others.discard(kind, token);
		this.cache.discard(this.key, token);
		return true;
	}

	private async fetch() {
		const path = '/gettoken';
		const answer = await withRetries(
			async () =>
				await this.http.request({
					method: 'GET',
					path,
					query: { corpid: this.secret.corpId, corpsecret: this.secret.corpSecret },
				}),
			'read',
			this.retry,
		);
		if (typeof answer.access_token !== 'string' || answer.access_token === '') {
			throw new WecomResponseError(200, false, path, 'The answer to /gettoken has no access_token');
		}
		return { token: answer.access_token, expiresInSeconds: Number(answer.expires_in) || 7200 };
	}
}

function requireText(field: string, value: string, where: string): void {
	if (value.trim() === '') {
		throw new InvalidInputError(field, `"${field}" is empty on the credential`, where);
	}
}
