using System.Buffers.Binary;
using System.Security.Cryptography;
using CatchUp.Flow.Pictures;

namespace CatchUp.Flow.Tests.Pictures;

public sealed class PngDecoderTests
{
    /// <summary>Files that Pillow 9.4 wrote (or read, where it cannot write the kind), 13×7 pixels, and the hash of the pixels that it sees.</summary>
    public static TheoryData<string, int, string, string> Kinds { get; } = new()
    {
        { "grey", 1, "f15c675e4ec13325", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAAAAAD2G5jGAAAAUklEQVR4nAXBURKAIAgFQHriIAZoUh+N9z9n7R5l7Nh557L9njCBsBQ5zdHYbESbIeMuvUOHqH7twWFOXC3TPRGuTOi1wl2vOi8idLfwJbyUiH4CewTXmfNq6AAAAABJRU5ErkJggg==" },
        { "rgb", 3, "74c93b14c6298b29", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAIAAABcElBNAAAAwUlEQVR4nE3KN3LEMBAEwDkSJLxdgAtDnUn1/wcqkarUcT+Ag6rmOXPg2OwrfjniOv0onBbl3F8cnGripBVGPSJlzv7qwi19G2qXsUvaUshu7XYKoo7nzqXlsceZAlG3pvTNNnW1WpthSQoHIGR559o0sQnXuYas3vTVPKWhQ9icgQAACD2+JRtFb5+LbcHyvGLch/AJDwmFv2fvXulpXKFJOSdXnU6QEVqCAIdfQvrPEaaa/iCWjJ0gKixw/ksAfgAfxg5XMLWeUgAAAABJRU5ErkJggg==" },
        { "rgb with every filter", 3, "74c93b14c6298b29", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAIAAABcElBNAAAABnRFWHROb3RlAHjMZlsZAAAAFElEQVR42kXMMUvDQBiA4S9JY2MuudzlLrMkB3cAAAD6SURBVHe5yyWEKlIquDlZ6N5Jf4Fu4lwcXMRJkOLiD9DS3UVxESyIowgOTrpVJwcVHBxPcdBnfnkBwGccd5baK91ef62/tbG5Pdg9OByOT8Znlxc3t3fT6dPb64czw+pCc0xYKWksch4V1IRVJggqYpYahRJlRAAuV5UnTZa3PLJI8ALTIkrnXTQXiJLLOpSGBeADeLzdY9LQzKBUY1MRoSLd0rykJmXMxwhCABegMas6TRkGrI5pijKMpBZJ4qlGTMBpQvBTwK/lwWh1f7J+dL9z+jycfB4/2PMXe/VlH619t/+c7t614jrVsWSSS0gYCA4UIAco/mYA346NP0YXQ65LAAAAAElFTkSuQmCC" },
        { "grey with every filter", 1, "f15c675e4ec13325", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAAAAAD2G5jGAAAABnRFWHROb3RlAHjMZlsZAAAAFElEQVR42mNgFtK1DsusnbBo3clHbxn5uQk3htoAAABXSURBVMSEJcQExMV4ZfgEmXj4+Pk4BPjY+cWYubiYxQW5+fm4BCTZuQSEmFhYeYSFeXmFmfh4OVkYGIzdY/PaZm46dvHd////GW3FRYXFJfgEJUU4GBgAgT4Sr3yIpdEAAAAASUVORK5CYII=" },
        { "rgb and alpha", 3, "2b66e079026cab9a", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAYAAADTcMcaAAAA+0lEQVR4nE3NzU4EIRBF4Ts22D9AFQUU0NM9PWqMGk1c+P7vpgs1evZfzmkAIKX1mpOnnreVYqG6uzXypW0SVbtG0qR7rpxaunAqZop3r75IG2SvMZKLuRZea59yj7b46qWs1HoLNSzqmkxiYOb7xxdHctQui+HzNkvVkWIv2iSvqiNL9GscZ/X4tMANAEO8vbvtvFqhXMpBN831WdP5MxzxJGUwvGDRE24tEPCdCXr9sHpuI1FyfJUc5uz4QKoMDgZcAW8BAXD7i6g+veUkXGjPw6Vg8AlSJrgCEAPBAQ6AwV/G7M8PXhgud2gLiAswHoBdADsB/udg/6Ev16EUwRNNvdIAAAAASUVORK5CYII=" },
        { "grey and alpha", 1, "a918ca26ae81b4db", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAQAAAB5eQ+RAAAAjUlEQVR4nC3JSxKDIBAFwGekhOEzMDCghVqmcv9DZpH0theglz6S9mvU5g+tb015ajvFWCm3Y5mxE4XHVFLbZJTmyJS5JrlDUPZn8H3wYIoh0Qazib2cUvQaj0wuZRYJOQIw+c776mmEWYsdNm3Pa4kAAMOZtTQeUejw3amHgP71cRyK7Wjb7qtA4PDzBfg5CXniwInoAAAAAElFTkSuQmCC" },
        { "one bit", 1, "7febadc73b22e21a", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHAQAAAAD7C/q3AAAAHElEQVR4nAXBsREAMAgAIfyzcP9pUwbMixKtTnwTcwEU4cML2gAAAABJRU5ErkJggg==" },
        { "palette", 3, "74c93b14c6298b29", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHCAMAAADkrjcoAAACWFBMVEX////7///6///3///z///v///r///g///c///k9//f9f/b9P/u6vDi4tva///R+P/I//+99/+3//+h6/+26P/V3uPE5v3N3Piz5P+S2P/Dy825xdi0yOOzzfSqz/ue1P+SwOyUwOGLvvN+wf+yurWsssaess6HqMacp6uin6KKpLl5reN6qdJnruhvlLlVlNuJjYuAkKF+kpVmk8RpeJZtdotfktBQhr5VgrJZeaA8gMF1c35ZanBPZINNa4ppYGdMVFhKUUo1c6A8b5I1WHNEVWkqV4g7PD8vPUckRFAhPl4qLighLTQaLD4TFA4GEyAAAAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABXtofAAAAZ0lEQVR4nGMI8PN2d7S3NtBUkeLlYfD38XCwMTXSUJUW5WRi8PV0tTUx1FKTEediZmDwcrGz1FNXlBXjZmNkYHBztjDWUZAT4edgYWBgcDI301aSlxDkYwVyGKz0dZUlhYUE2IHqGADuVgyqTBOD6AAAAABJRU5ErkJggg==" },
        { "palette of four bits", 3, "e357374d1e29f187", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHBAMAAAAhXtopAAAAMFBMVEX////w///j7/XA9/+83/ijx+ydq7psotdlhqlYYm43YYQeKzMAAAAAAAAAAAAAAADLtn/LAAAAPElEQVR4nGPYvXvmjLQgBYbdO2e0pSoxMOye2ZEWosjAsGtFW6iTAAPDqvbSEEMgvaI81BkozADkGgO5AEdCEYUPiG7MAAAAAElFTkSuQmCC" },
        { "palette with transparency", 3, "bc7474fffaa0a205", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHBAMAAAAhXtopAAAAJFBMVEX////w///j7/XA9/+83/ijx+ydq7psotdlhqlYYm43YYQeKzM+6LDbAAAABHRSTlMAgP9At17B+AAAADxJREFUeJxj2L175oy0IAWG3TtntKUqMTDsntmRFqLIwLBrRVuokwADw6r20hBDIL2iPNQZKMwA5BoDuQBHQhGFD4huzAAAAABJRU5ErkJggg==" },
        { "grey of two bits", 1, "9bd9b6939d440c77", "iVBORw0KGgoAAAANSUhEUgAAAA0AAAAHAgAAAAC8q4BnAAAAIUlEQVR4nGNgCFt/gIExCkRk7T/AwBoFJESz/gOJ1VACAOLKDpTZArC3AAAAAElFTkSuQmCC" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Picture_of_every_kind_has_the_pixels_that_another_program_sees(string kind, int channels, string hash, string file)
    {
        var picture = PngDecoder.Decode(Convert.FromBase64String(file));

        Assert.Equal((13, 7, channels), (picture.Width, picture.Height, picture.Channels));
        Assert.True(hash == Convert.ToHexStringLower(SHA256.HashData(picture.Pixels))[..16], kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Encoded_picture_comes_back(int channels)
    {
        var pixels = new byte[5 * 3 * channels];
        new Random(1).NextBytes(pixels);

        var picture = PngDecoder.Decode(PngEncoder.Encode(pixels, 5, 3, channels));

        Assert.Equal((5, 3, channels), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(pixels, picture.Pixels);
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAC0lEQVR4nGNggAEAAAoAAX+AdF4AAAAASUVORK5CYII=", "16 bits")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAFNeavDAAAACklEQVR4nGNgBAAAAwACS/Xd6gAAAABJRU5ErkJggg==", "interlaced")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAA/egAAP3oCAYAAACiV9kKAAAAC0lEQVR4nGNggAIAAAkAAftSuKkAAAAASUVORK5CYII=", "65000×65000")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAMAAAAoyzS7AAAABlBMVEUAAAAAAAClZ7nPAAAACklEQVR4nGNgAgAABAAD7+QY5AAAAABJRU5ErkJggg==", "palette")]
    [InlineData("/9j/4AAQSkZJRg==", "JPEG")]
    [InlineData("R0lGODlhAQABAAAAACw=", "not a PNG")]
    [InlineData("", "not a PNG")]
    public void Picture_that_is_not_read_says_why(string file, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => PngDecoder.Decode(Convert.FromBase64String(file)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Picture_cut_short_anywhere_is_refused(string kind, int channels, string hash, string file)
    {
        var whole = Convert.FromBase64String(file);

        Assert.NotEmpty(kind + channels + hash);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => PngDecoder.Decode(whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Picture_with_a_changed_byte_is_refused(string kind, int channels, string hash, string file)
    {
        var damaged = Convert.FromBase64String(file);

        Assert.NotEmpty(kind + channels + hash);
        for (var at = 0; at < damaged.Length; at++)
        {
            damaged[at] ^= 0x55;
            Assert.Throws<InvalidDataException>(() => PngDecoder.Decode(damaged));
            damaged[at] ^= 0x55;
        }
    }

    /// <summary>With the checksums put right, damage reaches the parts behind them: a picture or words, never another error.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forged_picture_is_read_or_refused(string kind, int channels, string hash, string file)
    {
        var whole = Convert.FromBase64String(file);
        var random = new Random(channels);
        var refused = 0;

        Assert.NotEmpty(kind + hash);
        for (var trial = 0; trial < 400; trial++)
        {
            var forged = whole.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                forged[random.Next(16, forged.Length)] = (byte)random.Next(256);
            }

            Sign(forged);
            try
            {
                var picture = PngDecoder.Decode(forged);
                Assert.Equal(picture.Width * picture.Height * picture.Channels, picture.Pixels.Length);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 400);
    }

    /// <summary>Puts every checksum right that can be found by walking the lengths.</summary>
    private static void Sign(byte[] file)
    {
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Checksum(file.AsSpan(at + 4, (int)length + 4)));
            at += (int)length + 12;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = 0xFFFFFFFF;
        foreach (var value in bytes)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) == 1 ? 0xEDB88320 ^ (checksum >> 1) : checksum >> 1;
            }
        }

        return ~checksum;
    }
}
