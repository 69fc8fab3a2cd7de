import type { Customer, Group, World } from '../data/world';
import { Refusal } from '../refusal';
import { isId, listOf, objectOf, required, takeFields } from '../routes/fields';
import { good, memberOf, OK, type ZoneFunctions } from './function';

const BASE = 'datazone:chatdata:base';
const isPair = objectOf({ userid: required(isId), external_userid: required(isId) });
const PAIRS = required(listOf(isPair, { min: 1, max: 100 }));

/** Who lets conversations be archived (document path 101366). */
export const consentFunctions: ZoneFunctions = {
	get_agree_status_single: {
		right: BASE,
		input: { item: [{ userid: 'woUser1', external_userid: 'wmCust1' }] },
		output: {
			...OK,
			agreeinfo: [
				{
					status_change_time: 1730000000,
					userid: 'woUser1',
					external_userid: 'wmCust1',
					agree_status: 'Agree',
				},
			],
		},
		run({ world }, request) {
			const { item } = takeFields(request, { item: PAIRS });
			const pairs = item as Array<Readonly<Record<'userid' | 'external_userid', string>>>;
			return good({
				agreeinfo: pairs.map(({ userid, external_userid }) => {
					memberOf(world, userid);
					const customer = world.customers.find((one) => one.externalUserid === external_userid);
					if (customer === undefined) throw new Refusal(710609, external_userid);
					return { status_change_time: customer.decidedAt, userid, ...decisionOf(customer) };
				}),
			});
		},
	},
	get_agree_status_room: {
		right: BASE,
		input: { chatid: 'wrRoom1' },
		output: {
			...OK,
			agreeinfo: [
				{ status_change_time: 1730000000, external_userid: 'wmCust1', agree_status: 'Disagree' },
			],
		},
		run({ world }, request) {
			const { chatid } = takeFields(request, { chatid: required(isId) });
			const group = world.groups.find(({ roomid }) => roomid === chatid);
			if (group === undefined) throw new Refusal(710606, 'chatid');
			return good({
				agreeinfo: customersIn(group, world).map((customer) => ({
					status_change_time: customer.decidedAt,
					...decisionOf(customer),
				})),
			});
		},
	},
};

function customersIn({ members }: Group, { customers }: World): Customer[] {
	return members.flatMap(({ id }) => customers.find((one) => one.externalUserid === id) ?? []);
}

function decisionOf({ externalUserid, agrees }: Customer): object {
	return { external_userid: externalUserid, agree_status: agrees ? 'Agree' : 'Disagree' };
}
