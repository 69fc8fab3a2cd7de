import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';

/** GET /gettoken (document path 91039): the same token as long as it is valid. */
export const getToken: ApiRoute = {
	method: 'GET',
	path: '/gettoken',
	token: 'none',
	answer({ world, tokens }, { query }) {
		const { corpid, corpsecret } = query;
		if (corpid === undefined || corpid === '') throw new Refusal(41002);
		if (corpsecret === undefined || corpsecret === '') throw new Refusal(41004);
		if (corpid !== world.corpId) throw new Refusal(40013);
		if (corpsecret !== world.corpSecret) throw new Refusal(40001);
		const { token, expiresIn } = tokens.access_token.grant();
		return ok({ access_token: token, expires_in: expiresIn });
	},
};
