// Runbooks for refusals that pass: sign in again, and grant nothing.
import { describe, expect, it } from 'vitest';
import { revision } from '../facts.ts';
import { textOf } from './cases.ts';

describe('the commands for an old token', () => {
  it.each(['platform-token-stale', 'credentials-from-before-abac'] as const)(
    'restart the revision, and grant nothing (%s)',
    (cause) => {
      expect(textOf(cause)).toContain(`az containerapp revision restart --name ca-orders --resource-group rg-apps`);
      expect(textOf(cause)).toContain(`--revision ${revision.name}`);
      expect(textOf(cause)).not.toContain('role assignment create');
    },
  );
});
