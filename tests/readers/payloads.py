"""What somebody might type or paste that is a program to some other machine; every sink must show it as the text it is."""

from __future__ import annotations

PAYLOADS = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "\"><script>alert(1)</script>", "' onfocus=alert(1) autofocus='", "\" onmouseover=\"alert(1)", "</textarea><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example/x.css>", "</option></select><script>alert(1)</script>",
    "<!--<script>alert(1)//-->", "<template><script>alert(1)</script></template>", "&lt;b&gt; &amp; &#x3C;script&#x3E;",
    "${alert(1)}", "`${alert(1)}`", "{{ 7*7 }}", "{% raw %}{{ config }}{% endraw %}", "{{ ''.__class__.__mro__ }}", "#{7*7}", "<%= 7*7 %>",
    "expression(alert(1))", "url(javascript:alert(1))", "} body { display: none } {", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "https://evil.example/?a=1&b=<2>", "//evil.example", "?udgave=x#fragment", "%3Cscript%3E %00 %s %d %(name)s",
    "\u202egpj.exe", "\u2066skjult\u2069", "venstre\u200fhøjre\u200e", "nul\0midt", "\x1b[2J\x07", "linje\r\nSet-Cookie: a=b",
    "'; DROP TABLE review_round; --", "\" OR 1=1 --", "Robert'); UPDATE review_page SET content='x';--",
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://evil.example\",\"klik\")",
    "../../../etc/passwd", "C:\\Windows\\system32", "file:///etc/passwd", "con.txt",
    "#eval(\"1+1\")", "#read(\"/etc/passwd\")", "$ sum_(i=0)^n i $",
    "*fed* _kursiv_ `kode`", "@citat <etiket> // kommentar", "#import \"@preview/x:1.0.0\": *",
    "\\input{/etc/passwd}", "\\write18{id}", "%% \\end{document}",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;", "]]><x/>", "<?xml version='1.0'?>", "_x0041_ og _x000D_",
    "😀 👩‍👧‍👦 🇩🇰 e\u0301", "אבג العربية 中文 ไทย", "\ud83d halvt par", "\ufeffBOM og \u00adblødt\u200bbrud", "  rum  \n\n\tlinjer  \n",
    "a" * 400, "Å" * 300 + " " + "ord " * 100, "null", "undefined", "__proto__", "constructor", "[object Object]", "NaN", "0", "-0",
)  # fmt: skip
"""About ninety texts."""
