import { channelLinks, parseChannel } from '../../../wecom/acquisition/channelUrl';
import { InvalidInputError } from '../../../wecom/errors';

const LINK = 'https://work.weixin.qq.com/ca/cawcde8f1e05b49f3a';

describe('the URL of a channel', () => {
	it.each([
		['a plain one', LINK, 'booth3', `${LINK}?customer_channel=booth3`],
		[
			'blanks and signs',
			LINK,
			'spring fair/50% & more+',
			`${LINK}?customer_channel=spring%20fair%2F50%25%20%26%20more%2B`,
		],
		['Chinese', LINK, '春季', `${LINK}?customer_channel=%E6%98%A5%E5%AD%A3`],
		['an apostrophe', LINK, "a'b", `${LINK}?customer_channel=a%27b`],
		[
			'a query that is there',
			`${LINK}?comp_scene=ENC%20x`,
			'a',
			`${LINK}?comp_scene=ENC%20x&customer_channel=a`,
		],
		[
			'a channel that is there',
			`${LINK}?customer_channel=old&comp_scene=S`,
			'new',
			`${LINK}?comp_scene=S&customer_channel=new`,
		],
		[
			'a name that only begins so',
			`${LINK}?customer_channel2=x`,
			'a',
			`${LINK}?customer_channel2=x&customer_channel=a`,
		],
		['an empty query', `${LINK}?`, 'a', `${LINK}?customer_channel=a`],
		['a fragment', `${LINK}#top`, 'a', `${LINK}?customer_channel=a#top`],
	])('with %s', (_case, url, channel, expected) => {
		const { channel_url: result } = channelLinks(url, channel);
		expect(result).toBe(expected);
		expect(new URL(result).searchParams.getAll('customer_channel')).toEqual([channel]);
	});

	it('takes blanks around the channel away', () => {
		expect(channelLinks(LINK, ' a ').channel_url).toBe(`${LINK}?customer_channel=a`);
	});
});

it('gives the scheme that opens the link in WeChat: the whole URL encoded once more', () => {
	const { channel_url: url, jump_scheme: scheme } = channelLinks(`${LINK}?comp_scene=S`, '春 1');
	const prefix = 'weixin://biz/ww/profile/';
	expect(scheme.startsWith(prefix)).toBe(true);
	expect(scheme.slice(prefix.length)).toMatch(/^[\w%.-]+$/);
	expect(decodeURIComponent(scheme.slice(prefix.length))).toBe(url);
});

describe('a channel', () => {
	it('may have 64 bytes of UTF-8', () => {
		expect(parseChannel('x'.repeat(64))).toHaveLength(64);
		expect(parseChannel('渠'.repeat(21))).toHaveLength(21);
	});

	it.each([
		['65 bytes', 'x'.repeat(65), 'is 65 bytes long, WeCom takes at most 64'],
		['22 Chinese characters', '渠'.repeat(22), 'is 66 bytes long, WeCom takes at most 64'],
		['nothing', '', 'is empty'],
		['blanks', '   ', 'is empty'],
		['a number that is none', NaN, 'is NaN, expected text'],
		['half an emoji', 'a\ud83d', 'half a character'],
	])('of %s is refused', (_case, channel, words) => {
		const error = failureOf(() => parseChannel(channel));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field: 'customer_channel' });
		expect((error as Error).message).toContain('"customer_channel"');
		expect((error as Error).message).toContain(words);
	});
});

it.each(['', 'work.weixin.qq.com/ca/x', 'weixin://biz/ww', 'javascript:alert(1)'])(
	'"%s" is no link to put a channel on',
	(url) => {
		expect(failureOf(() => channelLinks(url, 'a'))).toMatchObject({ code: 'input', field: 'url' });
	},
);

function failureOf(work: () => unknown): unknown {
	try {
		work();
	} catch (error) {
		return error;
	}
	throw new Error('It should have failed and did not');
}
