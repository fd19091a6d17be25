/** Colours of a page that stands alone, by day, by night and on paper. */
const OWN_COLOURS = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--quiet:#59636e;--rule:#d1d9e0;--link:#0969da;
--approved:#2a8c7d;--rejected:#c8553d;--needs-edit:#d9a521;--pending:#b3bac2;
--font:system-ui,"Segoe UI",Ubuntu,sans-serif;--size:14px}
@media screen and (prefers-color-scheme:dark){:root{--paper:#1a1d21;--ink:#e4e8ec;--quiet:#9aa4af;--rule:#3b434c;--link:#6cb0ff;
--approved:#3fb3a1;--rejected:#e07a5f;--needs-edit:#e9c46a;--pending:#5d6873}}`;

/** Those of the theme, within VS Code. */
const THEME_COLOURS = `
:root{--paper:var(--vscode-editor-background);--ink:var(--vscode-editor-foreground,var(--vscode-foreground));
--quiet:var(--vscode-descriptionForeground);
--rule:var(--vscode-contrastBorder,var(--vscode-panel-border,var(--vscode-widget-border,#8885)));
--link:var(--vscode-textLink-foreground);--approved:var(--vscode-charts-green);--rejected:var(--vscode-charts-red);
--needs-edit:var(--vscode-charts-yellow);--pending:var(--vscode-disabledForeground,#888);
--font:var(--vscode-font-family);--size:var(--vscode-font-size)}
body.vscode-high-contrast .plot rect,body.vscode-high-contrast .legend rect,
body.vscode-high-contrast-light .plot rect,body.vscode-high-contrast-light .legend rect{stroke:var(--vscode-contrastBorder)}
.actions a{padding:4px 10px;border-radius:2px;text-decoration:none;border:1px solid var(--vscode-button-border,transparent);
color:var(--vscode-button-secondaryForeground);background:var(--vscode-button-secondaryBackground)}
.actions a:hover{background:var(--vscode-button-secondaryHoverBackground)}
a:focus-visible{outline:1px solid var(--vscode-focusBorder);outline-offset:2px}`;

const LAYOUT = `
body{margin:0 auto;padding:20px 24px 40px;max-width:980px;background:var(--paper);color:var(--ink);font:var(--size)/1.5 var(--font)}
h1{font-size:1.6em;font-weight:600;margin:0 0 4px}h2{font-size:1.2em;font-weight:600;margin:36px 0 8px}
h3{font-size:1em;font-weight:600;margin:0 0 4px}
p{margin:4px 0 8px}.quiet{color:var(--quiet)}a{color:var(--link)}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0 0}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 0;padding:0;list-style:none}
.tiles li{flex:1 1 130px;border:1px solid var(--rule);border-radius:4px;padding:10px 12px}
.tiles strong{display:block;font-size:1.5em;font-weight:600;font-variant-numeric:tabular-nums}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--quiet)}.legend svg{vertical-align:-1px}
.plot{display:block;max-width:100%;height:auto;margin:0 0 8px}.plot text{fill:var(--ink);font-size:12px}
.axis{fill:none;stroke:var(--rule)}rect{stroke:var(--paper);stroke-width:1}
.approved{fill:var(--approved)}.rejected{fill:var(--rejected)}.needs-edit{fill:var(--needs-edit)}.pending{fill:var(--pending)}
figure{margin:0}.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:0 0 8px;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--quiet);padding:0 0 4px}
th,td{text-align:start;padding:3px 12px 3px 0;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600}thead th{vertical-align:bottom;overflow-wrap:normal}td.number,.time{white-space:nowrap;overflow-wrap:normal}td.number,th.number{text-align:end}
tbody th{font-weight:400}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:20px 32px}.pair tbody th{white-space:nowrap}
.warning{border-inline-start:3px solid var(--needs-edit);padding-inline-start:10px}
@media print{body{max-width:none;padding:0}.actions{display:none}h2,.plot,tr,figure{break-inside:avoid}h2{break-after:avoid}
*{print-color-adjust:exact}}`;

/** Where a page is shown: by itself in any browser, or within VS Code. */
export type PageSetting = 'file' | 'vscode';

export const styleOf = (setting: PageSetting): string =>
  (setting === 'file' ? OWN_COLOURS : THEME_COLOURS) + LAYOUT;
