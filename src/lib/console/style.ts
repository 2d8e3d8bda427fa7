// The one style of every page: phone first, light and dark, and on paper. Each state has a colour and also words.

import { chartStyle } from './chart-style.ts';
import { html } from './html.ts';

const colours = html`
:root{color-scheme:light dark;--page:#fff;--card:#f6f7f9;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--link:#0b57d0;--bad:#a1260d;--bad-bg:#ffebe6;--wait:#0b4fb3;--wait-bg:#e3eefc;--good:#17602c;--good-bg:#e0f4e5;--calm:#4b535d;--calm-bg:#eceff2;--azure:#c27803;--ours:#0b57d0}
@media (prefers-color-scheme:dark){:root{--page:#0f1318;--card:#181d24;--text:#e6e9ee;--soft:#a3adba;--line:#343c46;--link:#8ab4f8;--bad:#ffab91;--bad-bg:#3d1d14;--wait:#a8c7fa;--wait-bg:#15294a;--good:#8fe3a8;--good-bg:#12321d;--calm:#c3cad3;--calm-bg:#262d36;--azure:#e0a030;--ours:#8ab4f8}}`;

const frame = html`
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.2rem}
main:focus{outline:none}
.skip{position:absolute;left:-99rem}.skip:focus{left:.5rem;top:.5rem;background:var(--page);padding:.5rem 1rem;z-index:1}
.top{border-bottom:1px solid var(--line);padding:.5rem 1rem;display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;align-items:center}
.brand{font-weight:700;color:var(--text);text-decoration:none;padding:.4rem 0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;margin:0 -.6rem;padding:0}
nav a{display:inline-block;padding:.4rem .6rem;border-radius:.4rem;text-decoration:none;color:var(--soft)}
nav a[aria-current]{color:var(--text);font-weight:600;background:var(--calm-bg)}
main,footer{max-width:64rem;margin:0 auto;padding:1rem}
footer{border-top:1px solid var(--line);margin-top:2rem;color:var(--soft);font-size:.875rem}
footer p{margin:.2rem 0}footer a{display:inline-block;padding:.15rem 0}
h1{font-size:1.45rem;line-height:1.25;margin:.4rem 0 .6rem}h2{font-size:1.15rem;line-height:1.3;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.4rem 0}ul,ol{margin:.4rem 0;padding-left:1.3rem}
.meta{color:var(--soft);font-size:.9rem}`;

const pieces = html`
code,pre{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .8rem;margin:.4rem 0 .8rem;white-space:pre-wrap}
pre code{user-select:all}
ul.cards,ol.timeline{list-style:none;padding:0;margin:.6rem 0}
ul.cards>li,.card{border:1px solid var(--line);border-radius:.6rem;background:var(--card);padding:.8rem 1rem;margin:.75rem 0}
ul.rows{list-style:none;padding:0;margin:.6rem 0;border-top:1px solid var(--line)}ul.rows>li{border-bottom:1px solid var(--line);padding:.6rem 0}ul.rows p{margin:.15rem 0}
ul.figures{list-style:none;padding:0;margin:.8rem 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));gap:.6rem}
ul.figures a{display:block;height:100%;border-radius:.6rem;padding:.6rem .8rem;text-decoration:none;font-size:.9rem;line-height:1.3}ul.figures a:hover{text-decoration:underline}ul.figures strong{display:block;font-size:1.6rem;line-height:1.2}
ul.cards pre,.card pre{background:var(--page)}
ul.cards h3,.card h2{margin-top:0}
.bad-edge{border-left:4px solid var(--bad)!important}.wait-edge{border-left:4px solid var(--wait)!important}.good-edge{border-left:4px solid var(--good)!important}
.badge{display:inline-block;border-radius:1rem;padding:.05rem .6rem;font-size:.8rem;font-weight:600;line-height:1.5;white-space:nowrap;vertical-align:middle}
.bad{color:var(--bad);background:var(--bad-bg)}.wait{color:var(--wait);background:var(--wait-bg)}.good{color:var(--good);background:var(--good-bg)}.calm{color:var(--calm);background:var(--calm-bg)}
details{margin:.5rem 0}summary{cursor:pointer;padding:.2rem 0;min-height:1.5rem}
.empty{border:1px dashed var(--line);border-radius:.6rem;padding:1rem;color:var(--soft)}
dl.facts{display:grid;grid-template-columns:1fr;gap:0 1rem;margin:.6rem 0}dl.facts dt{color:var(--soft);font-size:.875rem}dl.facts dd{margin:0 0 .5rem}
@media (min-width:40rem){dl.facts{grid-template-columns:max-content 1fr}dl.facts dt{padding-top:.1rem}dl.facts dd{margin:0 0 .3rem}}
ol.timeline>li{border-left:3px solid var(--line);padding:.1rem 0 .8rem 1rem;margin-left:.3rem}
ol.timeline time{font:.8rem ui-monospace,monospace;color:var(--soft)}
ol.timeline ol.timeline{margin-left:.5rem}li.repeats>details>summary{color:var(--soft)}
.lead{font-size:1.1rem}
form.search div{display:flex;flex-wrap:wrap;gap:.5rem}form.search label{display:block;font-weight:600}
input[type=search]{flex:1 1 18rem;min-width:0;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:.5rem;padding:.5rem .7rem}
button{font:inherit;font-weight:600;color:var(--page);background:var(--link);border:1px solid var(--link);border-radius:.5rem;padding:.5rem 1rem;cursor:pointer}
nav.saved a{color:var(--link);text-decoration:underline;padding:.15rem 0}nav.saved ul{margin:.4rem 0}
ul.links{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}ul.links a{display:inline-block;padding:.15rem 0}
figure.phases{margin:.6rem 0}figure.phases svg{display:block;width:100%;height:2rem;border-radius:.4rem;background:var(--calm-bg)}figure.phases ol{list-style:none;padding:0;display:grid;gap:.1rem 1.2rem}
@media (min-width:40rem){figure.phases ol{grid-template-columns:1fr 1fr}}
.azure-time{fill:var(--azure);background:var(--azure)}.pullmedic-time{fill:var(--ours);background:var(--ours)}.person-time{fill:var(--bad);background:var(--bad)}
.swatch{display:inline-block;width:.8rem;height:.8rem;border-radius:.2rem;print-color-adjust:exact}rect{stroke:var(--page);stroke-width:2}.break{stroke:var(--page);stroke-width:5;fill:none}`;

const answers = html`
.notice{border-radius:.5rem;padding:.7rem 1rem;margin:.6rem 0}
.answers{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}
.button{display:inline-block;min-height:2.75rem;padding:.55rem 1.1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--page);color:var(--text);font:inherit;font-weight:600;line-height:1.5;text-decoration:none;cursor:pointer}
.button.approve,.button.switch-on{background:var(--good-bg);color:var(--good);border-color:var(--good)}
.button.reject,.button.undo,.button.undo-anyway,.button.switch-off,.button.forget{background:var(--bad-bg);color:var(--bad);border-color:var(--bad)}
label{display:block;font-weight:600;margin:.4rem 0 .2rem}
textarea{width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:.5rem;padding:.5rem}`;

const paper = html`
@media print{:root{color-scheme:light}nav,.skip,.answers,.beside{display:none}body{font-size:10pt}main,footer{max-width:none;padding:0}ul.cards>li,.card,pre,ol.timeline>li{break-inside:avoid}h2,h3{break-after:avoid}details:not(ol.timeline details)::details-content{content-visibility:visible;block-size:auto}a{color:inherit}}`;

/** The style of every page. The content security policy allows the browser this style by its hash, and no other. */
export const pageStyle = html`${colours}${frame}${pieces}${chartStyle}${answers}${paper}`;
