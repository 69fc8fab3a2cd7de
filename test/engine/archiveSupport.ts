import type { IDataObject, INode, INodeExecutionData, Workflow } from 'n8n-workflow';

import { credentialsFor, startSimulator, type SimulatorOptions } from '../../simulator';
import { Engine } from './harness';
import { useStubLibrary } from './stubLibrary';
import type { Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
const TRIGGER = 'wecomChatArchiveTrigger';

let triggers = 0;

/** A corp's own archive behind the stub of Tencent's library, and an engine whose credential opens it. */
export interface ArchiveBench extends Bench {
	/** Path of the library. */
	library: string;
	/** Runs an operation of Chat Archive → Message. */
	run(
		parameters: IDataObject,
		items?: IDataObject[] | INodeExecutionData[],
		settings?: Partial<INode> & { workflow?: Workflow },
	): ReturnType<Engine['runNode']>;
	/** A workflow with nothing but the polling trigger. */
	trigger(parameters?: IDataObject): Workflow;
	/** Polls it once: the messages, or null when the workflow does not start. */
	poll(workflow: Workflow): Promise<IDataObject[] | null>;
}

/** Starts both. */
export async function startArchive(options: SimulatorOptions = {}): Promise<ArchiveBench> {
	const wecom = await startSimulator({
		contracts: ['messageArchive'],
		messageCount: 120,
		...options,
	});
	const library = await useStubLibrary(wecom.url);
	const credentials = credentialsFor(wecom, 'messageArchive');
	const engine = await Engine.load({ ...credentials } as Engine['credentials']);
	return {
		wecom,
		engine,
		library,
		stop: async () => await wecom.stop(),
		run: async (parameters, items = [{}], settings = {}) =>
			await engine.runNode(
				ARCHIVE,
				parameters,
				items.map((item) => ('json' in item ? (item as INodeExecutionData) : { json: item })),
				settings,
			),
		trigger: (parameters = {}) => {
			const all = { startFrom: 'oldest', startAfterSeq: '0', simplify: true, options: {}, ...parameters }; // prettier-ignore
			const node = engine.nodeJson(TRIGGER, all, { name: 'Trigger', id: `poll-${triggers++}` });
			return engine.workflow({ nodes: [node], connections: {} });
		},
		poll: async (workflow) => {
			const output = await engine.poll(workflow, 'Trigger');
			return output?.[0]?.map(({ json }) => json) ?? null;
		},
	};
}
