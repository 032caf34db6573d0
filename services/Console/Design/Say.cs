using Microsoft.AspNetCore.Components;
using OrderSync.Console.Layout;

namespace OrderSync.Console.Design;

/// <summary>Ends a form: what was done is said on the next page.</summary>
internal static class Say
{
    /// <summary>Goes to a page of the console and says one sentence there.</summary>
    public static void GoTo(this NavigationManager navigation, HttpContext http, string path, string sentence)
    {
        FlashCookie.Say(http, sentence);
        navigation.NavigateTo(path);
    }
}
