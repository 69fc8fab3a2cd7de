import type { EventFields, Scene } from './samples';
import { SAMPLES } from './samples';
import { CHANGES, CHANNELS, SHAPES, type Channel } from './shapes';

export type { EventFields, EventValue } from './samples';

type Names = { [Each in Channel]: keyof (typeof SHAPES)[Each] }[Channel];

/** Every event with a ready-made content, in any channel. */
export const CALLBACK_EVENTS: readonly Names[] = [
	...new Set(CHANNELS.flatMap((channel) => Object.keys(SHAPES[channel]) as Names[])),
];

/** See {@link CALLBACK_EVENTS}; a ChangeType may stand behind a slash. */
export type CallbackEvent =
	Names | `${'customer_acquisition' | 'change_external_contact'}/${string}`;

/** What a ready-made event is to be. */
export interface EventWish {
	readonly event: CallbackEvent;
	/** The first of {@link CHANNELS} that has the event when absent. */
	readonly channel?: Channel | undefined;
	/** Put over its own fields, or behind them; `ChangeType` here chooses which fields there are. */
	readonly fields?: EventFields | undefined;
}

/** An event as it is sent. */
export interface MadeEvent {
	readonly channel: Channel;
	readonly fields: EventFields;
}

/**
 * Makes an event as Tencent publishes it for its channel. The msgaudit events have no published
 * third-party form: in the suite's channel they carry what their predecessors
 * (`conversation_new_message`, `hit_keyword`, `chat_archive_export_finished`,
 * `chat_archive_audit_approved_single`) carried.
 *
 * @throws TypeError for an event without ready-made content in that channel, or in any
 */
export function makeEvent(wish: EventWish, on: Omit<Scene, 'event' | 'customer'>): MadeEvent {
	const { fields: overrides = {} } = wish;
	const [event, change] = String(wish.event).split('/', 2) as [string, string | undefined];
	const { channel = CHANNELS.find((one) => Object.hasOwn(SHAPES[one], event)) } = wish;
	const shapes: Readonly<Record<string, readonly string[]>> =
		channel === undefined ? {} : (SHAPES[channel] ?? {});
	const shape = Object.hasOwn(shapes, event) ? shapes[event] : undefined;
	if (channel === undefined || shape === undefined) {
		const where = wish.channel === undefined ? '' : ` in the channel ${wish.channel}`;
		throw new TypeError(`no ready-made content for ${String(event)}${where}: give a plaintext`);
	}
	const scene = { ...on, event, customer: on.random.pick(on.world.customers) };
	return {
		channel,
		fields: {
			...valuesOf(shape, scene),
			...changeOf(event, String(overrides.ChangeType ?? change ?? ''), scene),
			...overrides,
		},
	};
}

/** What a change of an event brings; nothing for an event without changes. */
function changeOf(event: string, wanted: string, scene: Scene): EventFields {
	const changes = CHANGES[event];
	if (changes === undefined) return {};
	const change = wanted === '' ? (Object.keys(changes)[0] as string) : wanted;
	return { ChangeType: change, ...valuesOf(changes[change] ?? [], scene) };
}

function valuesOf(names: readonly string[], scene: Scene): EventFields {
	return Object.fromEntries(
		names.flatMap((name) => {
			const sample = SAMPLES[name];
			return sample === undefined ? [] : [[name, sample(scene)]];
		}),
	);
}
