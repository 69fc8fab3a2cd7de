import { fileIdOf } from '../../media';
import { fileSeed, mediaFile, seconds, WITH_CUSTOMERS, type Kind } from './kind';

/** Bytes of a recording, of which messages give no size. */
const RECORDING = 700_000;

/** A recorded meeting call; times in seconds; a top-level voiceid, no roomid. */
export const meetingVoiceCall: Kind = {
	where: ['colleagues'],
	noRoom: true,
	hasFile: true,
	body: (scene) => {
		const { random, from, at, bytes = RECORDING } = scene;
		const end = seconds(scene);
		const voiceid = `grb${random.hex(30)}`;
		const recording = { format: 'mp4', bytes, side: 0, sentAt: at } as const;
		return {
			voiceid,
			meeting_voice_call: {
				endtime: end,
				sdkfileid: fileIdOf(recording, fileSeed(random)),
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
	hasFile: true,
	body: (scene) => {
		const { random } = scene;
		const seed = fileSeed(random);
		const drawn = random.int(10_000, 60_000);
		const filesize = scene.bytes ?? drawn;
		const { md5sum, sdkfileid } = mediaFile(scene, seed, 'pdf', filesize);
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
