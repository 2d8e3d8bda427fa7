// The style of charts, of the heartbeat, and of the lists of runbooks and settings. Colours are those of the states; each has a pattern or a mark too.

import { type Beat, beats } from './heartbeat.ts';
import { html } from './html.ts';

/** A mark for each state of a day. The style sets it, so that a page of hundreds of days stays small; the words of a day stand in its title. */
const markOf: Readonly<Record<Beat, string>> = {
  failing: '✕',
  asked: '!',
  unproven: '~',
  recovered: '✓',
  'stood-down': '–',
  quiet: '·',
  'not-known': '?',
};

/** The second content, for browsers that know it, has no words for readers of the screen. */
const marks = beats.map((beat) => html`.day.${beat}::before{content:"${markOf[beat]}";content:"${markOf[beat]}" / ""}`);

export const chartStyle = html`
.chart{display:block;width:100%;height:18px}.chart.divided{height:22px;border-radius:.3rem;border:1px solid var(--line)}
.patterns{position:absolute;width:0;height:0}
.chart rect{stroke:none}.chart .slice{stroke:var(--page);stroke-width:2}.chart .tick{fill:var(--line)}.chart text{fill:var(--soft);font:.75rem system-ui,sans-serif}
.to-middle,.to-end{y:4px;height:10px}.chart .to-middle{fill:var(--ours);rx:2px}.chart .mark{fill:var(--text);y:1px;width:3px;height:16px}
.patterns path{fill:none;stroke:var(--text);stroke-width:1.2}.patterns circle{fill:var(--text)}
.chart .to-end{fill:url(#stripes);stroke:var(--soft);stroke-width:1}
.slice.repaired{fill:var(--good)}.slice.recovered-by-itself{fill:url(#dots)}.slice.asked{fill:var(--bad)}.slice.unproven{fill:url(#cross)}.slice.stood-down{fill:var(--calm-bg)}.slice.open{fill:url(#stripes)}
.key{display:inline-block;vertical-align:-.15rem;width:1rem;height:1rem;border:1px solid var(--line);border-radius:.2rem;margin-right:.4rem}
main .periods ul{gap:0 1.2rem;margin:.4rem 0}main .periods a[aria-current]{background:none;color:var(--text);text-decoration:none}
ul.measured{list-style:none;padding:0}ul.measured>li{margin:.7rem 0}
.measured .name{font-weight:600}.measured .value{color:var(--soft);font-size:.9rem;display:block}
@media (min-width:40rem){.measured .value{display:inline;float:right}.measured .chart{clear:both}}
ul.big{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem}ul.big>li{border:1px solid var(--line);border-radius:.6rem;background:var(--card);padding:.6rem .8rem}
ul.big strong{display:block;font-size:1.35rem;line-height:1.3}ul.big span{color:var(--soft);font-size:.875rem}
ol.days{list-style:none;padding:0;margin:.3rem 0 1rem;display:grid;grid-template-columns:repeat(auto-fill,minmax(1.6rem,1fr));gap:.2rem;max-width:56rem}
ol.days>li{min-height:1.6rem}
.day{display:grid;place-items:center;height:1.6rem;border-radius:.25rem;border:1px solid var(--line);font:600 .8rem ui-monospace,monospace;text-decoration:none;color:var(--soft)}
.day.failing,.day.asked{color:var(--bad);background:var(--bad-bg);border-color:var(--bad)}.day.failing{border-width:2px}.day.unproven{color:var(--wait);background:var(--wait-bg);border-color:var(--wait)}.day.recovered{color:var(--good);background:var(--good-bg);border-color:var(--good)}.day.stood-down{color:var(--calm);background:var(--calm-bg)}.day.not-known{border-style:dashed}
${marks}
ul.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;font-size:.9rem}ul.legend .day,ul.legend .key{display:inline-grid;width:1.5rem;height:1.5rem;margin-right:.35rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{overflow-wrap:break-word;text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:600}td.number,th.number{text-align:right}caption{text-align:left;color:var(--soft);font-size:.9rem;padding:.2rem 0}
ul.runbooks{list-style:none;padding:0;display:grid;gap:0 2rem}ul.runbooks>li{border-bottom:1px solid var(--line);padding:.5rem 0}ul.runbooks h3{margin:0}ul.runbooks p{margin:.1rem 0}@media (min-width:48rem){ul.runbooks{grid-template-columns:1fr 1fr}}
dl.settings>div{border-bottom:1px solid var(--line);padding:.35rem 0}dl.settings dt{font:.875rem ui-monospace,monospace}dl.settings dd{margin:0;white-space:pre-line}
@media (min-width:40rem){dl.settings>div{display:grid;grid-template-columns:minmax(14rem,2fr) 3fr;gap:1rem}}`;
