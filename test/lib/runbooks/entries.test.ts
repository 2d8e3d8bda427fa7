// Commands about the app's own registry entries.
import { describe, expect, it } from 'vitest';
import { appRunbook, declare, identityToDeclare } from '../../../src/lib/runbooks/entries.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, identityId, principal, target } from '../facts.ts';
import { inputFor } from './cases.ts';

const other = { id: identityId.replace('id-orders', 'id-other') as typeof identityId, principalId: principal };
const withIdentities = (...userIdentities: (typeof app)['userIdentities']) =>
  inputFor('registry-not-configured', { evidence: { ...dnsUnlinked, app: known({ ...app, userIdentities }) } });

describe('the identity to name in a registry entry', () => {
  it('is the only one that the app has', () => {
    expect(identityToDeclare(withIdentities(...app.userIdentities))).toBe(identityId);
  });

  it('is the system identity where there is none, where there are several, and where the app was not read', () => {
    expect(identityToDeclare(withIdentities())).toBe('system');
    expect(identityToDeclare(withIdentities(...app.userIdentities, other))).toBe('system');
    expect(identityToDeclare(inputFor('registry-not-configured', { evidence: { atMs: 0 } }))).toBe('system');
  });
});

describe('a registry entry', () => {
  it('is declared with az and with Bicep, for the host and the identity of the case', () => {
    const [az, bicep] = declare(inputFor('registry-not-configured'), identityId);

    expect(az?.text).toContain(`az containerapp registry set --server acrshop.azurecr.io --identity ${identityId} `);
    expect(az?.text).toContain('--name ca-orders');
    expect(bicep?.text).toContain("server: 'acrshop.azurecr.io'");
    expect(bicep?.text).toContain(`identity: '${identityId}'`);
  });

  it('stays one word where a host is hostile', () => {
    const hostile = { ...target, registry: "x'; rm -rf / #" };
    const [az, bicep] = declare(inputFor('registry-not-configured', { target: hostile }), 'system');

    expect(az?.text).toContain(String.raw`--server 'x'\''; rm -rf / #' `);
    expect(bicep?.text).toContain(String.raw`'x\'; rm -rf / #'`);
  });
});

describe('a runbook about the configuration of the app', () => {
  it('is undone by the configuration before it', () => {
    expect(appRunbook(inputFor('registry-not-configured'), { title: 'T', advice: 'A', commands: [] }).undo).toContain(
      'previous configuration',
    );
  });
});
