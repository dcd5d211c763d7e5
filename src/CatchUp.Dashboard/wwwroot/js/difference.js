// The difference of two pictures of one size, channel by channel.

// B − A about mid-grey: 255 steps of difference, made more visible by gain, reach from mid-grey to black or white.
export function signed(a, b, gain) {
  const picture = new ImageData(b.width, b.height);
  for (let i = 0; i < b.data.length; i += 4) {
    for (let channel = 0; channel < 3; channel++) picture.data[i + channel] = 127.5 + (b.data[i + channel] - a.data[i + channel]) * gain / 2;
    picture.data[i + 3] = 255;
  }
  return picture;
}

export function meanAbsolute(a, b) {
  let sum = 0;
  for (let i = 0; i < b.data.length; i += 4) {
    for (let channel = 0; channel < 3; channel++) sum += Math.abs(b.data[i + channel] - a.data[i + channel]);
  }
  return sum / (b.data.length / 4 * 3);
}
