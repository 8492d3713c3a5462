import type { EndpointsOf } from '../../shared/http/api.ts';
import { cancelOperation } from './cancel-operation.ts';
import type { OperationsDeps } from './deps.ts';
import { getOperation } from './get-operation.ts';
import { listOperationIssues, listOperations } from './lists.ts';
import {
  applyPlan,
  createPlan,
  getPlan,
  listPlanIssues,
  listPlans,
  revertOperation,
} from './plans.ts';
import { reconcileOwnership, sweepOrphans } from './requests.ts';

/** The endpoint of each operation of the route table. */
export const endpoints: EndpointsOf<'operations', OperationsDeps> = {
  reconcileOwnership,
  sweepOrphans,
  listOperations,
  getOperation,
  listOperationIssues,
  cancelOperation,
  revertOperation,
  createPlan,
  listPlans,
  getPlan,
  listPlanIssues,
  applyPlan,
};
