import type { Resource } from '../../shared/run/action';
import { antispam } from './model/antispam';
import { general } from './model/general';
import { getResultOf } from './model/getResult';
import { recommend } from './model/recommend';
import { sentiment } from './model/sentiment';
import { summary } from './model/summary';
import { tag } from './model/tag';

const models = [sentiment, summary, recommend, tag, antispam, general];

/** What the node offers; an operation is one file and one entry here. */
export const resources: Resource[] = [
	{
		name: 'Model',
		value: 'model',
		actions: [...models, getResultOf(models)],
	},
];
