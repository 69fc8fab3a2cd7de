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

/**
 * The data zone tells of something: the program stores the event, and WeCom calls back there.
 *
 * @param type event_type, `conversation_new_message` say
 * @returns whether the callback was answered as WeCom wants it
 */
export async function tellZoneEvent(wecom: Simulator, url: string, type: string): Promise<boolean> {
	const { notifyId } = wecom.notifyProgram({ event_type: type });
	const fields = { NotifyId: notifyId };
	return (await wecom.sendCallback({ url, event: 'program_notify', fields })).ok;
}

/** Makes a keyword rule. */
export async function watchFor(wecom: Simulator, name: string, words: string[]): Promise<void> {
	const rule = { name, keyword: { word_list: words } };
	await clientOf(wecom).call(operations.createKeywordRule, rule);
}
