import { describe, expect, it } from 'vitest';
import { settingsMarkdown, settingsPage } from '../../../../src/lib/console/pages/settings.ts';
import type { SettingGroup } from '../../../../src/lib/console/settings-in-force.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { nowMs } from '../../facts.ts';

const groups: readonly SettingGroup[] = [
  {
    title: 'limits',
    settings: [
      { name: 'limits.maxApps', value: '<b>5</b>', from: 'default' },
      { name: 'incidents.page', value: 'https://fa.example', from: 'platform' },
      { name: 'mode', value: 'act', from: 'PULLMEDIC_MODE' },
    ],
  },
  { title: 'Registries', settings: [] },
];

describe('the page of settings', () => {
  it('says each value and where it comes from, and values are text', () => {
    const text = settingsPage(groups, new Map(), { nowMs, address: '/api/settings' });

    expect(text).toContain('<h2>Limits</h2>');
    expect(text).toContain('<dt>limits.maxApps</dt><dd>&lt;b&gt;5&lt;/b&gt; <span class="meta">by default</span></dd>');
    expect(text).toContain('from the platform');
    expect(text).toContain('from PULLMEDIC_MODE');
    expect(text).toContain('<h2>Registries</h2><p class="meta">None.</p>');
    expect(text).toContain('Secrets are never shown');
  });

  it('is the same as Markdown', () => {
    expect(markdown(settingsMarkdown(groups)).replaceAll('\\', '')).toContain('- **mode**: act (from PULLMEDIC_MODE)');
  });
});
