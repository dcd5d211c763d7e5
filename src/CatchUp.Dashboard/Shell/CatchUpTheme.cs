using MudBlazor;

namespace CatchUp.Dashboard.Shell;

/// <summary>MudBlazor's share of the look; the same colours as variables are in wwwroot/app.css.</summary>
internal static class CatchUpTheme
{
    private static readonly string[] Sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "DejaVu Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2457d6",
            PrimaryContrastText = "#ffffff",
            Secondary = "#4b5563",
            Tertiary = "#0f766e",
            Info = "#2457d6",
            Success = "#15713a",
            Warning = "#8a5a00",
            Error = "#b3261e",
            Background = "#f7f8f9",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b1f24",
            DrawerBackground = "#ffffff",
            DrawerText = "#1b1f24",
            TextPrimary = "#1b1f24",
            TextSecondary = "#555d68",
            TextDisabled = "#7c8490",
            ActionDefault = "#555d68",
            LinesDefault = "#dfe3e8",
            LinesInputs = "#8b939e",
            TableLines = "#e6e9ed",
            TableHover = "#f1f4f8",
            Divider = "#dfe3e8",
            HoverOpacity = 0.05,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7aa5ff",
            PrimaryContrastText = "#0b1220",
            Secondary = "#a8b0bb",
            Tertiary = "#4fc4b6",
            Info = "#7aa5ff",
            Success = "#56c982",
            Warning = "#e0ab4a",
            Error = "#ff8b80",
            ErrorContrastText = "#0b1220",
            Background = "#0f1215",
            Surface = "#171b20",
            AppbarBackground = "#171b20",
            AppbarText = "#e6e9ed",
            DrawerBackground = "#171b20",
            DrawerText = "#e6e9ed",
            TextPrimary = "#e6e9ed",
            TextSecondary = "#a2abb6",
            TextDisabled = "#7c8490",
            ActionDefault = "#a2abb6",
            LinesDefault = "#2a3037",
            LinesInputs = "#5d6671",
            TableLines = "#252b32",
            TableHover = "#1e242b",
            Divider = "#2a3037",
            HoverOpacity = 0.08,
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            H1 = new H1Typography { FontSize = "1.25rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "normal" },
            H2 = new H2Typography { FontSize = "1rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "normal" },
            H3 = new H3Typography { FontSize = "0.875rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "normal" },
            H6 = new H6Typography { FontSize = "1rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontSize = "0.8125rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontSize = "0.8125rem", FontWeight = "500", TextTransform = "none", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontSize = "0.75rem", LetterSpacing = "normal" },
        },
    };
}
