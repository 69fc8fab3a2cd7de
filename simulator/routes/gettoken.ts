import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';

/** GET /gettoken (document path 91039): the same token as long as it is valid. */
export const getToken: ApiRoute = {
	method: 'GET',
	path: '/gettoken',
	takesToken: false,
	answer({ world, tokens }, { query }) {
		const { corpid, corpsecret } = query;
		if (corpid === undefined || corpid === '') throw new Refusal(41002);
		if (corpsecret === undefined || corpsecret === '') throw new Refusal(41004);
		if (corpid !== world.corpId) throw new Refusal(40013);
		if (corpsecret !== world.corpSecret) throw new Refusal(40001);
		const { accessToken, expiresIn } = tokens.grant();
		return ok({ access_token: accessToken, expires_in: expiresIn });
	},
};
