import type { FunctionMetadata } from './functions-core.ts';
import { triggerBinding } from './invocation.ts';

/** The group of all HTTP functions. */
export const httpGroup = 'http';

/**
 * The group with which a function is scaled on Flex Consumption: HTTP functions share one, each other function has its
 * own. An instance serves one group. (azure-functions-host: `FunctionMetadataExtensions.GetFunctionGroup`.)
 */
export function groupOf(metadata: FunctionMetadata): string {
  return triggerBinding(metadata)[1].type === 'httpTrigger' ? httpGroup : `function:${metadata.name}`;
}
