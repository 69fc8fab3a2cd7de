import { parseInput, text } from '../api/fields';
import { InvalidInputError } from '../errors';

/** Most bytes of a customer_channel; WeCom cuts off what is beyond. */
const MAX_CHANNEL_BYTES = 64;

/** A link that tells through which channel a customer came, in the two forms WeCom knows. */
export interface ChannelLinks {
	/** For web pages and QR codes. */
	channel_url: string;
	/** Opens the link inside the WeChat app, from other apps on a phone. */
	jump_scheme: string;
}

/**
 * Checks a customer_channel: a text of your own, which the customers who come through the link have
 * as their `state`. Source: https://developer.work.weixin.qq.com/document/path/101359
 *
 * @throws InvalidInputError when it is empty or longer than 64 bytes of UTF-8
 */
export function parseChannel(value: unknown): string {
	const channel = text({ maxBytes: MAX_CHANNEL_BYTES }).refine((channel) => !LONE.test(channel), {
		error: () => 'ends or begins with half a character',
	});
	return parseInput(channel, value, 'customer_channel');
}

/** A surrogate without its other half: no URL can hold it. */
const LONE = /\p{Surrogate}/u;

/**
 * Puts a customer_channel on an acquisition link; whatever else the link's query holds (`comp_scene`
 * of a component's link say) stays, a channel that is there already is replaced.
 * Source: https://developer.work.weixin.qq.com/document/path/97297
 *
 * @throws InvalidInputError for a channel that is none, or a URL that is no web address
 * @example channelLinks('https://work.weixin.qq.com/ca/x', 'spring fair').channel_url
 * // 'https://work.weixin.qq.com/ca/x?customer_channel=spring%20fair'
 */
export function channelLinks(url: string, channel: string): ChannelLinks {
	const value = encodeURIComponent(parseChannel(channel));
	const link = parseLink(url);
	const others = link.search
		.slice(1)
		.split('&')
		.filter((part) => part !== '' && !/^customer_channel(=|$)/.test(part));
	link.search = [...others, `customer_channel=${value}`].join('&');
	return {
		channel_url: link.href,
		jump_scheme: `weixin://biz/ww/profile/${encodeURIComponent(link.href)}`,
	};
}

function parseLink(url: string): URL {
	const link = URL.canParse(url) ? new URL(url) : undefined;
	if (link && /^https?:$/.test(link.protocol)) return link;
	throw new InvalidInputError(
		'url',
		'"url" is no web address, expected one that begins with https://',
		'Take the url of the link as `getLink` returns it.',
	);
}
