import type { Simulator } from '../../simulator';
import { operations, WecomClient } from '../../wecom';

/** What people do in WeCom's consoles, done through the API. */
function clientOf({ url, corp }: Simulator): WecomClient {
	return new WecomClient({ baseUrl: url, authentication: { type: 'corpSecret', ...corp } });
}

/** Has WeCom call back there from now on. */
export async function callBackTo(wecom: Simulator, url: string): Promise<void> {
	const { token, encodingAesKey } = wecom.callback;
	const settings = { url, token, encoding_aes_key: encodingAesKey };
	await clientOf(wecom).call(operations.setCallback, settings);
}

/** Makes a keyword rule. */
export async function watchFor(wecom: Simulator, name: string, words: string[]): Promise<void> {
	const rule = { name, keyword: { word_list: words } };
	await clientOf(wecom).call(operations.createKeywordRule, rule);
}
