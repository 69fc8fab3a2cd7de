import { closeServers, errcode, inTurn } from '../unit/support/server';
import { PROGRAM_ID } from './row';
import { answering, passingOn, startZone, storing } from './zoneSupport';

afterEach(closeServers);

/** A credential for the API and none for callbacks. */
const withoutCallback = { credentials: { wecomDataApi: { id: 'wecomDataApi', name: 'api' } } };

describe('authorization.get', () => {
	const edition = {
		edition: 2,
		auth_scope: { userid_list: ['woUser1'], department_id_list: [1], tag_id_list: [10] },
		status: 1,
		begin_time: 1726588800,
		end_time: 1729180799,
		msg_duration_days: 90,
		auth_user_count: 20,
	};

	it('gives an item for each edition, in one level, with words and times', async () => {
		const lapsed = { edition: 3, auth_scope: {}, status: 4 };
		const zone = await startZone(answering({ auth_edition_list: [edition, lapsed] }));
		const { json: output, error } = await zone.run('authorization.get');
		expect(error).toBeUndefined();
		expect(zone.bodies()).toEqual([{}]);
		expect(output).toEqual([
			{
				edition: 2,
				edition_name: 'internal and external conversations',
				status: 1,
				status_name: 'trial',
				begin_time: '2024-09-18T00:00:00.000+08:00',
				end_time: '2024-10-17T23:59:59.000+08:00',
				msg_duration_days: 90,
				auth_user_count: 20,
				userid_list: ['woUser1'],
				department_id_list: [1],
				tag_id_list: [10],
			},
			expect.objectContaining({
				edition: 3,
				status_name: 'paid, expired',
				begin_time: null,
				end_time: null,
				userid_list: [],
			}),
		]);
	});

	it('gives what WeCom says, with words beside, when it shall not simplify', async () => {
		const zone = await startZone(answering({ auth_edition_list: [edition] }));
		const { json: output } = await zone.run('authorization.get', { simplify: false });
		const names = {
			edition_name: 'internal and external conversations',
			status_name: 'trial',
		};
		expect(output).toEqual([{ ...edition, ...names }]);
	});

	it('says what to do when nothing is authorized', async () => {
		const zone = await startZone(answering({ auth_edition_list: [] }));
		const { json: output, hints } = await zone.run('authorization.get');
		expect(output).toEqual([]);
		expect(hints.join()).toContain('has authorized no edition');
	});
});

describe('callback.fetchEvent', () => {
	const event = {
		event_type: 'conversation_new_message',
		timestamp: 1730000000,
		conversation_new_message: { token: 'TOKEN-1' },
	};

	it.each([
		['java', { ability_id: 'get_callback_data', request_data: '{}' }],
		[
			'python',
			{
				ability_id: 'input_do_async_job',
				request_data: '{"input":{"func":"do_async_job","func_req":{}}}',
			},
		],
	] as const)('gives the event as a program in %s stored it', async (style, call) => {
		const zone = await startZone(storing(event), 'dataZone', style);
		const { json: output, error } = await zone.run('callback.fetchEvent', { notifyId: 'NID-1' });
		expect(error).toBeUndefined();
		expect(zone.bodies()).toEqual([{ program_id: PROGRAM_ID, notify_id: 'NID-1', ...call }]);
		expect(output).toEqual([event]);
	});

	it('says what failed when the program answers with plain text', async () => {
		const zone = await startZone(passingOn('get data by notify_id failed'));
		const { error } = await zone.run('callback.fetchEvent', { notifyId: 'NID-1' });
		expect(error?.message).toContain('get data by notify_id failed');
	});

	it.each(['={{ "" }}', '={{ "  " }}', 'x'.repeat(129), '={{ {} }}'])(
		'refuses a notify id of "%.20s" and sends nothing',
		async (notifyId) => {
			const zone = await startZone(storing(event));
			const { error } = await zone.run('callback.fetchEvent', { notifyId });
			expect(error?.message).toContain('"notify_id"');
			expect(zone.server.requests).toEqual([]);
		},
	);
});

describe('callback.set', () => {
	const url = 'https://n8n.example.com/webhook/wecom';

	it('registers the program of the credential in the zone, with no callback credential', async () => {
		const zone = await startZone(answering());
		const { json: output, error } = await zone.run('callback.set', {}, undefined, withoutCallback);
		expect(error).toBeUndefined();
		expect(zone.bodies()).toEqual([{ program_id: PROGRAM_ID }]);
		expect(output).toEqual([{ success: true, program_id: PROGRAM_ID }]);
	});

	it('registers the program that the node names, and sends no URL, token and key', async () => {
		const zone = await startZone(answering());
		const { error } = await zone.run('callback.set', { url, programId: 'prog2' });
		expect(error).toBeUndefined();
		expect(zone.bodies()).toEqual([{ program_id: 'prog2' }]);
	});

	it('asks the zone for a program when neither node nor credential names one', async () => {
		const zone = await startZone(answering());
		Object.assign(zone.engine.credentials.wecomDataApi as object, { programId: '' });
		const { error } = await zone.run('callback.set', { url });
		expect(error?.message).toContain('"program_id" is empty');
		expect(zone.server.requests).toEqual([]);
	});

	it.each([
		['the URL', { url: '' }, {}, 'url'],
		['the token, without a callback credential', { url }, withoutCallback, 'token'],
		['the key', { url, source: 'fields', token: 't1' }, {}, 'encoding_aes_key'],
	])('asks the reference for %s', async (_case, parameters, settings, field) => {
		const zone = await startZone(answering(), 'reference');
		const { error } = await zone.run('callback.set', parameters, undefined, settings);
		expect(error?.message).toContain(`"${field}" is empty`);
		expect(zone.server.requests).toEqual([]);
	});

	it('points to the callback credential where the reference gets no token', async () => {
		const zone = await startZone(answering(), 'reference');
		const { error } = await zone.run('callback.set', { url }, undefined, withoutCallback);
		expect(error?.description).toContain('"WeCom Callback API" credential');
	});
});

describe('debug', () => {
	it('opens with the debug token, which no error repeats, and closes', async () => {
		const refused = errcode(710671, 'invalid debug_token dbg-secret-1');
		const zone = await startZone(inTurn(answering(), refused, answering()));
		const opened = await zone.run('debug.open', { debugToken: 'dbg-secret-1' });
		expect(opened.json).toEqual([{ success: true, program_id: PROGRAM_ID }]);
		const { error } = await zone.run('debug.open', { debugToken: 'dbg-secret-1' });
		expect(error?.message).toContain('710671');
		expect(JSON.stringify([error?.message, error?.description])).not.toContain('dbg-secret-1');
		const closed = await zone.run('debug.close', { programId: 'prog2' });
		expect(closed.json).toEqual([{ success: true, program_id: 'prog2' }]);
		expect(zone.bodies()).toEqual([
			{ program_id: PROGRAM_ID, debug_token: 'dbg-secret-1' },
			{ program_id: PROGRAM_ID, debug_token: 'dbg-secret-1' },
			{ program_id: 'prog2' },
		]);
	});

	it.each([
		[1, 'off'],
		[2, 'on'],
		[7, null],
	])('names the status %i', async (debug_mode_status, debug_mode_status_name) => {
		const zone = await startZone(answering({ debug_mode_status }));
		const { json: output } = await zone.run('debug.get');
		expect(output).toEqual([{ program_id: PROGRAM_ID, debug_mode_status, debug_mode_status_name }]);
	});

	it.each([
		['no debug token', { debugToken: '={{ "" }}' }, 'debug_token'],
		['a debug token that is no text', { debugToken: '={{ [] }}' }, 'debug_token'],
		[
			'a program id that is too long',
			{ debugToken: 'd', programId: 'x'.repeat(257) },
			'program_id',
		],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const zone = await startZone(answering());
		const { error } = await zone.run('debug.open', parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(zone.server.requests).toEqual([]);
	});
});

describe('file.upload', () => {
	const data = { data: Buffer.from('a template').toString('base64'), mimeType: 'text/plain' };
	const item = { json: {}, binary: { data: { ...data, fileName: '模板.txt' } } };
	const uploaded = answering({ type: 'file', media_id: 'MEDIA-2', created_at: '1730000000' });

	it.each([
		['dataZone', 'zone', '/cgi-bin/chatdata/upload_media'],
		['dataZone', 'exportTemplate', '/cgi-bin/media/upload'],
		['reference', 'zone', '/cgi-bin/msgaudit/upload_tmp_file'],
		['reference', 'exportTemplate', '/cgi-bin/msgaudit/upload_tmp_file'],
	] as const)('of %s for %s goes to %s', async (contract, useFor, path) => {
		const zone = await startZone(uploaded, contract);
		const { json: output, error } = await zone.run('file.upload', { useFor }, [item]);
		expect(error).toBeUndefined();
		expect(zone.server.requests[0]).toMatchObject({
			method: 'POST',
			path,
			query: { type: 'file' },
		});
		expect(zone.server.requests[0]?.body).toContain('name="media"; filename="模板.txt"');
		expect(output).toEqual([
			{
				type: 'file',
				media_id: 'MEDIA-2',
				created_at: '2024-10-27T11:33:20.000+08:00',
				expires_at: '2024-10-30T11:33:20.000+08:00',
			},
		]);
	});

	it('refuses another use and sends nothing', async () => {
		const zone = await startZone(uploaded);
		const { error } = await zone.run('file.upload', { useFor: '={{ "archive" }}' }, [item]);
		expect(error?.message).toContain('"Use For"');
		expect(zone.server.requests).toEqual([]);
	});
});

describe('log.getLevel', () => {
	it('gives the level and its name', async () => {
		const zone = await startZone(answering({ log_level: 2 }));
		const { json: output } = await zone.run('log.getLevel', { programId: 'prog2' });
		expect(zone.bodies()).toEqual([{ program_id: 'prog2' }]);
		expect(output).toEqual([{ program_id: 'prog2', log_level: 2, log_level_name: 'INFO' }]);
	});
});

describe('member.getAll', () => {
	const page = (next_cursor: string, ...auth_user_list: object[]) =>
		answering({ auth_user_list, next_cursor, has_more: next_cursor !== '' });
	const member = (userid: string, ...edition_list: number[]) => ({ userid, edition_list });

	it('keeps the members with the edition where the server does not filter, and counts only them', async () => {
		const zone = await startZone(
			inTurn(
				page('C2', member('woA', 2), member('woB', 2, 3)),
				page('C3', member('woC', 1), { userid: 'woD' }, member('woE', 3)),
			),
		);
		const { json: output } = await zone.run('member.getAll', { limit: 2, filters: { type: 3 } });
		expect(zone.bodies()).toEqual([{ limit: 2 }, { cursor: 'C2', limit: 1000 }]);
		expect(output.map(({ userid }) => userid)).toEqual(['woB', 'woD']);
	});

	it('takes the edition as the digits of a sheet, too', async () => {
		const zone = await startZone(page('', member('woA', 2), member('woB', 2, 3)));
		const { json: output } = await zone.run('member.getAll', { filters: { type: '={{ "3" }}' } });
		expect(output).toEqual([
			{
				userid: 'woB',
				edition_list: [2, 3],
				edition_name_list: [
					'internal and external conversations',
					'internal and external conversations with voice calls',
				],
			},
		]);
	});
});

describe('privacy', () => {
	it('gives what is hidden from a member', async () => {
		const config = { hide_mobile: true, hide_idcard: false, hide_bankno: false };
		const zone = await startZone(answering({ config }));
		const { json: output } = await zone.run('privacy.get', { userid: 'woUser1' });
		expect(zone.bodies()).toEqual([{ userid: 'woUser1' }]);
		expect(output).toEqual([{ userid: 'woUser1', ...config }]);
	});

	it('sends all three switches: WeCom takes one that is left out for false', async () => {
		const zone = await startZone(answering());
		const { json: output } = await zone.run('privacy.set', {
			userid: 'woUser1',
			hideMobile: false,
		});
		const config = { hide_mobile: false, hide_idcard: true, hide_bankno: true };
		expect(zone.bodies()).toEqual([{ userid: 'woUser1', config }]);
		expect(output).toEqual([{ success: true, userid: 'woUser1', ...config }]);
	});

	it.each([
		['no member', { userid: '={{ "" }}' }, 'userid'],
		['a member id that is too long', { userid: 'x'.repeat(257) }, 'userid'],
		['a switch in words', { userid: 'u', hideIdcard: '={{ "maybe" }}' }, 'Hide ID Card Numbers'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const zone = await startZone(answering());
		const { error } = await zone.run('privacy.set', parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(zone.server.requests).toEqual([]);
	});
});

it.each([
	['authorization.get', {}],
	['callback.fetchEvent', { notifyId: 'NID-1' }],
	['debug.open', { debugToken: 'd' }],
	['debug.close', {}],
	['debug.get', {}],
	['log.getLevel', {}],
	['privacy.get', { userid: 'u' }],
	['privacy.set', { userid: 'u' }],
	['knowledgeBase.getAll', {}],
])(
	'%s says that the reference has nothing like it, and sends nothing',
	async (name, parameters) => {
		const zone = await startZone(answering(), 'reference');
		const { error } = await zone.run(name, parameters);
		expect(error?.message).toContain('Data API Reference');
		expect(error?.description).toContain('Tencent Data Zone');
		expect(zone.server.requests).toEqual([]);
	},
);
