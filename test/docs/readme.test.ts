// The README stays short, shows its first commands as they are typed, and warns beside the invitation to deploy.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causes } from '../../src/lib/causes/causes.ts';

const readme = readFileSync('README.md', 'utf8');
const lines = readme.trimEnd().split('\n');

describe('the README', () => {
  it('has at most 90 lines', () => {
    expect(lines.length).toBeLessThanOrEqual(90);
  });

  it.each(['npm ci && npm start', 'npm ci && npm test'])('shows the command %s', (command) => {
    expect(lines.filter((line) => line.startsWith(`    ${command} `))).toHaveLength(1);
  });

  it('counts the causes that there are', () => {
    expect(readme).toContain(`[${causes.length} causes](docs/runbooks/README.md)`);
  });

  it('says near the invitation to deploy that no live subscription has run it, with a link to what is not verified', () => {
    const invitation = lines.indexOf('    azd up');
    const near = lines.slice(invitation, invitation + 6).join(' ');

    expect(invitation).toBeGreaterThan(0);
    expect(near).toContain('No live subscription has run pullmedic yet.');
    expect(near).toContain('(docs/unverified.md)');
  });

  it('shows a picture that is there and loads quickly', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file = '']) => file);

    expect(pictures).toEqual(['docs/img/now.png', 'docs/img/remediation.png']);
    for (const file of pictures) {
      expect(existsSync(file)).toBe(true);
      expect(statSync(file).size).toBeLessThan(200_000);
    }
  });
});
