import { mapStacks } from './mapped-stacks.ts';

// Runs before the handler's own code, in every bundle (`build.ts`).
mapStacks(import.meta.url);
