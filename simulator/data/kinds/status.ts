import { ANYWHERE, type Kind } from './kind';

/** Takes back something said before. */
export const revoke: Kind = {
	where: ANYWHERE,
	action: 'recall',
	body: ({ earlierMsgid }) => ({ revoke: { pre_msgid: earlierMsgid } }),
};

/** A customer lets the conversation be archived; agree_time in ms. */
export const agree: Kind = {
	where: ['single'],
	by: 'customer',
	body: ({ from, at }) => ({ agree: { userid: from, agree_time: at } }),
};

/** A customer refuses; disagree_time in ms. */
export const disagree: Kind = {
	where: ['single'],
	by: 'customer',
	refusing: true,
	body: ({ from, at }) => ({ disagree: { userid: from, disagree_time: at } }),
};

/** A type that no documentation knows yet: clients must hand it on as it is. */
export const smartSummary: Kind = {
	where: ['single'],
	by: 'staff',
	body: ({ random }) => ({
		smart_summary: {
			summary: '客户询问价格与交期,已报价,待确认',
			model: `wecom-${random.int(5, 9)}`,
			highlights: [{ label: '意向', score: random.int(50, 99) }],
		},
	}),
};
