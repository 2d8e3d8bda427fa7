// Recognises the errors of Azure's SDK without loading the SDK.
import type { RestError } from '@azure/core-rest-pipeline';

/** True for an error of any client of the SDK. The SDK's own `isRestError` compares this name too, because copies of the class differ. */
export function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError';
}
