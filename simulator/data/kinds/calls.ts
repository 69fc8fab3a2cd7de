import { mediaFile, seconds, WITH_CUSTOMERS, type Kind } from './kind';

/** A recorded meeting call; times in seconds; a top-level voiceid, no roomid. */
export const meetingVoiceCall: Kind = {
	where: ['colleagues'],
	noRoom: true,
	body: (scene) => {
		const { random, from } = scene;
		const end = seconds(scene);
		return {
			voiceid: `grb${random.hex(30)}`,
			meeting_voice_call: {
				endtime: end,
				sdkfileid: mediaFile(random).sdkfileid,
				demofiledata: [
					{
						filename: '季度复盘.pptx',
						demooperator: from,
						starttime: end - 1500,
						endtime: end - 900,
					},
				],
				sharescreendata: [{ share: from, starttime: end - 800, endtime: end - 120 }],
			},
		};
	},
};

/** A document shown during a call; a top-level voipid. */
export const voipDocShare: Kind = {
	where: ['colleagues'],
	body: ({ random }) => {
		const { md5sum, sdkfileid } = mediaFile(random);
		const filesize = random.int(50_000, 5_000_000);
		return {
			voipid: `gr${random.hex(30)}`,
			voip_doc_share: { filename: '欢迎使用微盘.pdf', md5sum, filesize, sdkfileid },
		};
	},
};

/** What is left of a call: seconds and invitetype 1 video, 2 voice, 3 and 4 for groups. */
export const voiptext: Kind = {
	where: WITH_CUSTOMERS,
	body: ({ random, chat }) => ({
		info: {
			callduration: random.int(0, 1800),
			invitetype: random.int(1, 2) + (chat.kind === 'single' ? 0 : 2),
		},
	}),
};
