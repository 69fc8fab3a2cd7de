import { createRule, deleteRule, getRule, listRules, updateRule } from '../rules/calls';
import { ok, type ApiRoute, type Backend } from './api';
import { SURFACES } from './surface';

const BAD_CURSOR = 50100;
const { reference } = SURFACES;

const CALLS: Readonly<Record<string, (backend: Backend, body: unknown) => object>> = {
	create: (backend, body) => createRule(backend, body, reference),
	get: (backend, body) => getRule(backend, body, reference),
	list: (backend, body) => listRules(backend, body, reference, BAD_CURSOR),
	update: (backend, body) => updateRule(backend, body, reference),
	delete: deleteRule,
};

/** keyword_rule/* (fields of document path 99829). */
export const ruleRoutes: readonly ApiRoute[] = Object.entries(CALLS).map(([name, call]) => ({
	contract: 'reference',
	method: 'POST',
	path: `/msgaudit/keyword_rule/${name}`,
	token: 'access_token',
	answer: (backend, { body }) => ok(call(backend, body)),
}));
