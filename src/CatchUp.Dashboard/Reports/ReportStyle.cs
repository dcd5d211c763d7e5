namespace CatchUp.Dashboard.Reports;

/// <summary>The look of exported reports: the colours of the pages, light and dark as the reader's system says.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{--page:#fff;--sunken:#f1f3f5;--line:#dfe3e8;--line-strong:#8b939e;--text:#1b1f24;--muted:#555d68;--accent:#2457d6;--grid:#e8ebef;--mark:#fff3c4;--amber:#855600;--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#b45a94;--s4:#c98a00;--s5:#3a9fd8;--s6:#1b1f24;--s7:#8f8300;color-scheme:light dark}
        @media (prefers-color-scheme:dark){:root{--page:#0f1215;--sunken:#171b20;--line:#2a3037;--line-strong:#5d6671;--text:#e6e9ed;--muted:#a2abb6;--accent:#7aa5ff;--grid:#242a31;--mark:#453a12;--amber:#e6b455;--s0:#4aa8e0;--s1:#f07f33;--s2:#2cc095;--s3:#d68bbb;--s4:#e8a51e;--s5:#8fd0f5;--s6:#e6e9ed;--s7:#e3d84a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
        main{max-width:1000px;margin:0 auto;padding:28px 20px 60px}
        h1{font-size:26px;line-height:1.25;margin:0 0 6px}h2{font-size:20px;margin:28px 0 8px}h3{font-size:17px;margin:22px 0 6px}h4,h5,h6{font-size:15px;margin:18px 0 6px}
        h1,h2,h3,h4,h5,h6,p,li,figcaption{overflow-wrap:anywhere}
        p{margin:0 0 12px}a{color:var(--accent)}
        code,pre{font-family:ui-monospace,"Cascadia Mono","Liberation Mono","DejaVu Sans Mono",monospace;font-size:13px}
        pre{background:var(--sunken);border:1px solid var(--line);border-radius:6px;padding:10px 12px;white-space:pre-wrap;overflow-wrap:anywhere}
        blockquote{margin:0 0 12px;padding:0 0 0 14px;border-left:3px solid var(--line);color:var(--muted)}
        .about,.note,.hash,summary{color:var(--muted);font-size:12.5px}
        .about{border-bottom:1px solid var(--line);padding-bottom:14px;margin-bottom:20px}
        .block{margin:22px 0;padding:14px 16px;border:1px solid var(--line);border-radius:6px}
        .block figcaption{font-weight:600;margin-bottom:8px}
        .block p{margin:6px 0 0}
        .hash{overflow-wrap:anywhere}
        .changed{color:var(--amber);font-size:12.5px}
        .scroll,.table-scroll{overflow-x:auto;max-width:100%}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        table{border-collapse:collapse;font-size:13px}
        th,td{overflow-wrap:break-word;max-width:340px;padding:4px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{font-weight:500}thead th{color:var(--muted);font-size:12px}
        .number{text-align:right;white-space:nowrap}
        .best{background:var(--mark);font-weight:600}
        .matrix td,.matrix th{border:0;padding:4px 8px 4px 0}
        .matrix tbody th{min-width:110px;max-width:200px}
        .table-scroll{margin-bottom:12px}
        .matrix img{display:block;image-rendering:pixelated;background:var(--sunken);outline:1px solid var(--line);outline-offset:-1px}
        .drawn-chart{display:block;width:100%;min-width:560px;height:auto}
        .drawn-chart .grid{stroke:var(--grid);fill:none}.drawn-chart .axis{stroke:var(--line-strong);fill:none}
        .drawn-chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif}
        .drawn-chart .tick{fill:var(--muted)}
        .s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:6px 0 0;padding:0;font-size:12.5px}
        .legend span{display:inline-block;width:10px;height:10px;border-radius:2px;background:currentColor;margin-right:6px}
        details{margin-top:8px}summary{cursor:pointer}
        td.name{min-width:150px}
        details .scroll{max-height:340px;overflow:auto;margin-top:6px;border:1px solid var(--line);border-radius:6px}
        @media print{.block{break-inside:avoid}details{display:none}}
        """;
}
