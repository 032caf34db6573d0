using System.Diagnostics;
using OrderSync.Contracts.Records;
using OrderSync.Email.Rendering;
using OrderSync.Email.Templates;

namespace OrderSync.Connectors.Tests.Email.Templates;

public sealed class TemplateTests
{
    private static readonly Values Order = new()
    {
        ["number"] = "SO-1", ["empty"] = "", ["none"] = null, ["customer"] = "A & B <b>\"'", ["quote"] = false,
        ["lines"] = new List<object> { new Values { ["item"] = "Pack", ["note"] = null }, new Values { ["item"] = "Stove", ["note"] = "blue" } },
        ["words"] = new Values { ["total"] = "Total" }, ["names"] = new List<object> { "a", "b" }, ["taxes"] = new List<object>(),
    };

    [Theory]
    [InlineData("Order {{number}} {{ words.total }}", "Order SO-1 Total")]
    [InlineData("{{#each lines}}{{item}}{{#if note}} ({{note}}){{/if}} of {{number}};{{/each}}", "Pack of SO-1;Stove (blue) of SO-1;")]
    [InlineData("{{#each names}}{{this}},{{/each}}{{#each taxes}}x{{else}}no tax{{/each}}", "a,b,no tax")]
    [InlineData("{{#if empty}}x{{else}}y{{/if}}{{#unless none}}z{{/unless}}{{#if quote}}q{{/if}}{{#if lines}}l{{/if}}", "yzl")]
    [InlineData("a{{! words }}b{{!-- {{number}} --}}c{{none}}", "abc")]
    [InlineData("{{customer}}", "A &amp; B &lt;b&gt;&quot;&#39;")]
    public void A_template_is_filled_with_the_values_of_a_document(string template, string filled) =>
        Assert.Equal(filled, TemplateRun.Html(TemplateText.Parse(template), Order));

    [Theory]
    [InlineData("a\n\n{{numbr}}", "Line 3: there is no value numbr here.")]
    [InlineData("{{words.nothing}}", "Line 1: there is no value words.nothing here.")]
    [InlineData("{{lines}}", "Line 1: lines is no text.")]
    [InlineData("{{#each number}}{{/each}}", "Line 1: number is not a list")]
    [InlineData("\n{{#if number}}", "Line 2: {{#if}} is never closed.")]
    [InlineData("{{#if number}}{{/each}}", "Line 1: {{/each}} closes nothing that is open.")]
    [InlineData("{{/if}}", "Line 1: {{/if}} closes nothing")]
    [InlineData("{{else}}", "Line 1: {{else}} stands outside")]
    [InlineData("{{number", "Line 1: \"{{\" is never closed.")]
    public void A_mistake_is_named_with_its_line(string template, string says) =>
        Assert.StartsWith(says, Assert.Throws<TemplateException>(() => TemplateRun.Html(TemplateText.Parse(template), Order)).Message);

    [Theory]
    [InlineData("{{{customer}}}")]
    [InlineData("{{&customer}}")]
    [InlineData("{{> file}}")]
    [InlineData("{{#> layout}}{{/layout}}")]
    [InlineData("{{#*inline \"p\"}}{{/inline}}")]
    [InlineData("{{lookup lines 1}}")]
    [InlineData("{{lines.[0].item}}")]
    [InlineData("{{../number}}")]
    [InlineData("{{@root}}")]
    [InlineData("{{number.__proto__}}")]
    [InlineData("{{#with words}}{{/with}}")]
    [InlineData("{{{{raw}}}}{{{{/raw}}}}")]
    [InlineData("{{#if (eq number 1)}}{{/if}}")]
    public void What_could_call_read_or_repeat_something_is_no_part_of_the_language(string template) =>
        Assert.Throws<TemplateException>(() => TemplateText.Parse(template));

    [Fact]
    public void A_template_that_would_never_end_is_given_up_at_once()
    {
        var lines = new Values { ["lines"] = Enumerable.Range(0, 1000).Select(i => (object)new Values { ["item"] = $"{i}" }).ToList() };
        string[] bombs =
        [
            "{{#each lines}}{{#each lines}}{{#each lines}}{{/each}}{{/each}}{{/each}}",
            "{{#each lines}}{{#each lines}}{{item}}{{item}}{{item}}{{item}}{{/each}}{{/each}}",
            string.Concat(Enumerable.Repeat("{{#each lines}}{{item}}{{/each}}", 2000)),
            $"{{{{#each lines}}}}{new string('x', 60_000)}{{{{/each}}}}",
        ];
        var clock = Stopwatch.StartNew();

        Assert.All(bombs, bomb => Assert.Contains("too long", Assert.Throws<TemplateException>(() => TemplateRun.Html(TemplateText.Parse(bomb), lines)).Message));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_template_has_an_end_and_a_depth()
    {
        Assert.Throws<TemplateException>(() => TemplateText.Parse(new string('x', TemplateText.Longest + 1)));
        Assert.Throws<TemplateException>(() => TemplateText.Parse(string.Concat(Enumerable.Repeat("{{#if number}}", 13))));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script> may not be used")]
    [InlineData("<p onclick=\"alert(1)\">x</p>", "the attribute onclick may not be used")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "a link must begin with")]
    [InlineData("<a href=\"{{number}}\">x</a>", "a link must begin with")]
    [InlineData("<img src=\"https://spy.example/x.png\" />", "a picture can only be the company's")]
    [InlineData("<img src=\"file:///etc/passwd\" />", "a picture can only be the company's")]
    [InlineData("<img src=\"{{number}}\" />", "a picture can only be the company's")]
    [InlineData("<iframe src=\"file:///etc/passwd\"></iframe>", "<iframe> may not be used")]
    [InlineData("<object data=\"x\"></object>", "<object> may not be used")]
    [InlineData("<link rel=\"stylesheet\" href=\"https://spy.example\" />", "<link> may not be used")]
    [InlineData("<meta content=\"0\" />", "<meta> may not be used")]
    [InlineData("<form></form>", "<form> may not be used")]
    [InlineData("<svg></svg>", "<svg> may not be used")]
    [InlineData("<style>x</style>", "<style> may not be used")]
    [InlineData("<p style=\"background:url(https://spy.example)\">x</p>", "load anything")]
    [InlineData("<p style=\"background:u\\72l(https://spy.example)\">x</p>", "may not contain")]
    [InlineData("<p style=\"background:&#117;rl(https://spy.example)\">x</p>", "no & in it")]
    [InlineData("<p style=\"color:{{number}}\">x</p>", "can have no value")]
    [InlineData("<scr{{#if number}}ipt{{/if}}>", "begins no element")]
    [InlineData("<i{{#if number}}{{else}} {{/if}}frame>", "begins no element")]
    [InlineData("<p {{number}}>x</p>", "begins no element")]
    [InlineData("<p class=x>x</p>", "begins no element")]
    [InlineData("<!-- x -->", "begins no element")]
    [InlineData("<![CDATA[x]]>", "begins no element")]
    [InlineData("a < b", "begins no element")]
    public void Markup_that_could_do_more_than_show_is_refused_with_its_line(string template, string says)
    {
        var refused = Assert.Throws<TemplateException>(() => Markup.Check(TemplateText.Parse($"<p>{{{{number}}}}</p>\n{{{{! a\ncomment }}}}\n{template}")));

        Assert.Contains(says, refused.Message);
        Assert.Equal(4, refused.Line);
    }

    [Theory]
    [InlineData("<table class=\"a\" width='100%'><tr><td colspan=\"2\" title=\"{{number}}\">x &lt; y</td></tr></table>")]
    [InlineData("<a href=\"https://example.com/terms?a=1\">Terms</a> <a href=\"mailto:a@example.com\">Mail</a><br/><img src=\"{{logo}}\" alt=\"{{customer}}\" />")]
    [InlineData("<p style=\"color: #333; margin: 0 auto\">{{number}}</p>")]
    public void Markup_that_only_shows_is_taken(string template) => Markup.Check(TemplateText.Parse(template));

    [Theory]
    [InlineData("Sales.hbs")]
    [InlineData("Receipt.hbs")]
    public void The_standard_templates_keep_to_what_companies_may_write(string name) => Markup.Check(TemplateText.Parse(Page.Resource(name)));

    [Theory]
    [InlineData("p { color: red } </style><script>", "<")]
    [InlineData("@import 'https://spy.example';", "load")]
    [InlineData("p { background: URL(https://spy.example) }", "load")]
    [InlineData("p { background: \\75rl(x) }", "<")]
    [InlineData("p { behavior: x }", "run")]
    public void Style_rules_that_load_or_run_something_are_refused(string style, string says) => Assert.Contains(says, Markup.WhyNotStyle(style));

    [Fact]
    public void Style_rules_that_only_look_like_something_are_taken() => Assert.Null(Markup.WhyNotStyle("h1 { color: #7a1f3d; font-family: Georgia, serif }"));

    [Theory]
    [InlineData(Kinds.Order)]
    [InlineData(Kinds.Quote)]
    [InlineData(Kinds.Receipt)]
    public void Whatever_a_company_writes_the_page_around_it_lets_nothing_run_or_load(string kind)
    {
        var html = Page.Mail(OrderSync.Email.Documents.Specimen.Of(kind, Printing.PrinterFixture.Settings), Words.English, Look.Of(kind, Printing.PrinterFixture.Settings));

        Assert.InRange(html.IndexOf("default-src 'none'", StringComparison.Ordinal), 1, html.IndexOf("<style>", StringComparison.Ordinal));
    }
}
