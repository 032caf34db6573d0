using System.Runtime.Versioning;

// The local parts are processes of Linux; so are their tests.
[assembly: UnsupportedOSPlatform("windows")]
