import { consentFunctions } from './consent';
import { eventFunctions } from './events';
import { exportFunctions } from './exports';
import type { ZoneFunctions } from './function';
import { groupFunctions } from './groups';
import { hitFunctions } from './hits';
import { knowledgeFunctions } from './knowledge';
import { modelFunctions } from './models';
import { ruleFunctions } from './rules';
import { searchFunctions } from './search';
import { syncFunctions } from './sync';

/** The functions of the zone SDK that the simulator's programs know, and `echo`. */
export const FUNCTIONS: ZoneFunctions = {
	echo: { run: (_on, request) => request },
	...syncFunctions,
	...consentFunctions,
	...groupFunctions,
	...searchFunctions,
	...ruleFunctions,
	...hitFunctions,
	...exportFunctions,
	...modelFunctions,
	...knowledgeFunctions,
	...eventFunctions,
};
