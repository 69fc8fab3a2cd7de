import { getSentimentResult } from '../../../../wecom/api/models';
import { InvalidInputError } from '../../../../wecom/errors';
import { noticeField, optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toList } from '../../../shared/values';
import type { ModelAction } from './modelAction';
import { waitFields } from './waitFields';

/** The result of jobs that outlived the node that began them. Document 99831 and its siblings. */
export function getResultOf(models: readonly ModelAction[]): Action {
	return {
		option: {
			name: 'Get Result',
			value: 'getResult',
			action: 'Get the result of a model',
			description: 'Get what a model found in jobs that were begun before',
		},
		api: getSentimentResult,
		fields: [
			noticeField(
				'resultNotice',
				'Only for "Tencent Data Zone" as the API on the credential. A node that waits no longer gives the ids of its jobs as jobids, or as jobid beside its error; WeCom tries a job for up to 24 hours.',
			),
			{
				displayName: 'Model',
				name: 'model',
				type: 'options',
				noDataExpression: true,
				options: models
					.map(({ option: { name, value } }) => ({ name, value }))
					.sort((a, b) => a.name.localeCompare(b.name, 'en')),
				default: 'sentiment',
				description: 'The operation that began the jobs',
			},
			{
				displayName: 'Job IDs',
				name: 'jobIds',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. {{ $json.jobids }}',
				description:
					'The IDs of the jobs, separated by commas or as a list; their results are joined in this order',
			},
			simplifyField,
			optionsOf(...waitFields, requestTimeoutField),
		],

		async run(item) {
			const name = item.text('model');
			const model = models.find(({ option }) => option.value === name);
			if (!model) {
				throw new InvalidInputError(
					'Model',
					`"Model" is none of those that begin jobs`,
					'Choose the operation that began the jobs.',
				);
			}
			return await model.resultOf(item, toList('Job IDs', item.param('jobIds')));
		},
	};
}
