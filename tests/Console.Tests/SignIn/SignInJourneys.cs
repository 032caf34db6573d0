using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Gateway.Tests.Office.People;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.SignIn;

/// <summary>From an invitation to a session, and what stands in the way of others.</summary>
[Collection("console of people and devices")]
[InCi]
public sealed class SignInJourneys(ConsoleFixture console)
{
    private const string Password = TestPerson.Password;

    [Fact]
    public async Task The_first_owner_uses_the_link_chooses_a_password_and_signs_out()
    {
        const string Code = "first-sign-in-of-the-console-tests";
        await GatewayFixture.MigrateAsync(console.Database.ConnectionString, "Company of the first owner", "os_test-key-of-the-first-owners-company", Code);
        var email = $"first.{Guid.NewGuid():N}@people.example";
        var page = await console.OpenAsStrangerAsync();
        await page.GotoAsync("/welcome");
        await console.PictureAsync(page, "welcome-code");
        await page.IsGoodAsync();
        await page.GetByLabel("Code of the invitation").FillAsync(Code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Company of the first owner" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "welcome");
        await page.IsGoodAsync();
        await page.GetByLabel("Your name").FillAsync("Fritz First");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);

        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are in.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Not now" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Fritz First" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GotoAsync("/me");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Console.Url, "/sign-in?back=%2Fme").AbsoluteUri);
        await FillAsync(page, email, Password);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Fritz First" })).ToBeVisibleAsync();
        var again = await page.GotoAsync($"/welcome?code={Code}");
        Assert.Equal(410, again!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("or was used");
    }

    [Fact]
    public async Task A_wrong_password_says_what_to_do_and_too_many_say_how_long_to_wait()
    {
        using var person = await TestPerson.JoinAsync(console, "office");
        var page = await console.OpenAsStrangerAsync();
        await page.GotoAsync("/sign-in?back=%2Fme");
        await console.PictureAsync(page, "sign-in");
        await FillAsync(page, person.Email, "not the password");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("E-mail and password do not belong together. Check both and try again.");
        await Assertions.Expect(page.GetByLabel("E-mail")).ToHaveValueAsync(person.Email);
        await console.PictureAsync(page, "sign-in-wrong");
        await page.IsGoodAsync();
        for (var attempt = 0; attempt < 4; attempt++)
            await person.TryAsync("not the password");

        await FillAsync(page, person.Email, Password);

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Too many wrong tries for this e-mail. Try again in 15 minutes");
        await console.PictureAsync(page, "sign-in-locked");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task Codes_are_set_up_with_a_phone_asked_for_at_sign_in_and_turned_off_again()
    {
        using var person = await TestPerson.JoinAsync(console, "viewer", name: "Tina Totp");
        var page = await console.OpenWithAsync(person.Token);
        await page.GotoAsync("/me/codes");
        await console.PictureAsync(page, "codes-off");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up codes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code for your authenticator app" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "codes-scan");
        await page.IsGoodAsync();
        var secret = (await page.Locator(".secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(secret, 50));
        await page.GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn codes on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right");
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(secret));
        await page.GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn codes on" }).ClickAsync();
        await Assertions.Expect(page.Locator(".codes li")).ToHaveCountAsync(10);
        await console.PictureAsync(page, "codes-recovery");
        await page.IsGoodAsync();

        var phone = await console.OpenAsStrangerAsync();
        await phone.GotoAsync("/sign-in?back=%2Fme");
        await FillAsync(phone, person.Email, Password);
        await Assertions.Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Enter your code" })).ToBeVisibleAsync();
        await console.PictureAsync(phone, "sign-in-code");
        await phone.IsGoodAsync();
        Assert.DoesNotContain(Password, await phone.ContentAsync(), StringComparison.Ordinal);
        await CodeAsync(phone, Totp.Code(secret, 50));
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right");
        await CodeAsync(phone, Totp.Code(secret, 1));
        await Assertions.Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Tina Totp" })).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByText("10 recovery codes left")).ToBeVisibleAsync();
        await phone.GotoAsync("/me/codes");
        await phone.GetByLabel("Your password").FillAsync(Password);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Turn codes off" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Status)).ToContainTextAsync("Codes are off.");
    }

    [Fact]
    public async Task A_session_is_ended_from_elsewhere_and_a_new_password_ends_the_others()
    {
        using var person = await TestPerson.JoinAsync(console, "office", name: "Moni Many");
        var here = await console.OpenWithAsync(person.Token);
        var there = await console.OpenAsStrangerAsync();
        await there.GotoAsync("/sign-in?back=%2Fme");
        await FillAsync(there, person.Email, Password);
        await Assertions.Expect(there.GetByText("Chrome on Linux")).ToBeVisibleAsync();
        await here.GotoAsync("/me");
        await console.PictureAsync(here, "me");
        await here.IsGoodAsync();

        await here.GetByRole(AriaRole.Button, new() { Name = "Sign out there" }).ClickAsync();

        await Assertions.Expect(here.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out there.");
        await there.ReloadAsync();
        await Assertions.Expect(there.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await here.GetByLabel("Present password").FillAsync("not the password");
        await here.GetByLabel("New password").FillAsync("four other words entirely");
        await here.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(here.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not your present password.");
        await here.GetByLabel("Present password").FillAsync(Password);
        await here.GetByLabel("New password").FillAsync("four other words entirely");
        await here.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(here.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed");
    }

    [Fact]
    public async Task An_invitation_sent_twice_leads_to_sign_in_and_says_why()
    {
        var (_, code) = await TestPerson.InviteAsync(console.Office, "viewer", $"twice.{Guid.NewGuid():N}@people.example");
        var (first, second) = (await console.OpenAsStrangerAsync(), await console.OpenAsStrangerAsync());
        foreach (var page in new[] { first, second })
        {
            await page.GotoAsync($"/welcome?code={code}");
            await page.GetByLabel("Password").FillAsync(Password);
        }

        await first.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Status)).ToContainTextAsync("You are in.");
        await second.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Assertions.Expect(second.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your invitation was used already. Sign in with the e-mail and the password you chose then.");
        await console.PictureAsync(second, "sign-in-used");
        await second.IsGoodAsync();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_never_leads_to_another_site(string back)
    {
        using var person = await TestPerson.JoinAsync(console, "viewer");
        var page = await console.OpenAsStrangerAsync(new Look(Scripts: false));
        await page.GotoAsync($"/sign-in?back={Uri.EscapeDataString(back)}");

        await FillAsync(page, person.Email, Password);

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        Assert.Equal(console.Console.Url.Authority, new Uri(page.Url).Authority);
    }

    private static async Task FillAsync(IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task CodeAsync(IPage page, string code)
    {
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
