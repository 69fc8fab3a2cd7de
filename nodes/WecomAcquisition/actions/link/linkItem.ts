import type { IDataObject } from 'n8n-workflow';

import {
	channelLinks,
	parseChannel,
	type ChannelLinks,
} from '../../../../wecom/acquisition/channelUrl';
import { getLink, type Link } from '../../../../wecom/api/acquisition';
import type { Item } from '../../../shared/run/item';
import { toIso } from '../../../shared/time';
import { compact, toItem } from '../../../shared/values';

/** How many links are asked for at a time. WeCom takes more, but other workflows call as well. */
export const LINKS_AT_ONCE = 5;

/** priority_type by its number. Source: document 97297. */
const PRIORITIES: Readonly<Partial<Record<string, string>>> = {
	1: 'existing friends in the whole corp',
	2: 'existing friends among these users',
};

/**
 * The Customer Channel field; undefined when it is empty.
 *
 * @throws InvalidInputError when it is too long
 */
export function toChannel(value: unknown): string | undefined {
	return value === undefined || value === '' ? undefined : parseChannel(value);
}

/** A link with what the node adds to it. */
export type LinkItem = Link & Partial<ChannelLinks> & { priority_type_name?: string | null };

/** A link as WeCom describes it, with the links of a channel when there is one. */
export function toLinkItem(link: Link, channel?: string): LinkItem {
	const { url, priority_type: priority } = link;
	return {
		...link,
		...(priority === undefined ? {} : { priority_type_name: PRIORITIES[String(priority)] ?? null }),
		...(channel !== undefined && typeof url === 'string' ? channelLinks(url, channel) : {}),
	};
}

/** The fields most people want. */
export function simplifyLink(link: LinkItem, zone: string): IDataObject {
	return compact({
		link_id: link.link_id,
		link_name: link.link_name,
		url: link.url,
		create_time: toIso(link.create_time, zone),
		skip_verify: link.skip_verify,
		user_list: link.user_list ?? [],
		department_list: link.department_list ?? [],
		channel_url: link.channel_url,
		jump_scheme: link.jump_scheme,
	});
}

/** How a link comes out. */
export interface LinkView {
	/** Puts the links of this channel beside it. */
	channel: string | undefined;
	simplify: boolean;
}

/** Asks for one link and gives it as an item. */
export async function fetchLink(
	item: Item,
	linkId: string,
	{ channel, simplify }: LinkView,
): Promise<IDataObject> {
	const link = await item.call(getLink, { link_id: linkId });
	const json = toLinkItem({ link_id: linkId, ...link }, channel);
	return simplify ? simplifyLink(json, item.zone) : toItem(json);
}
