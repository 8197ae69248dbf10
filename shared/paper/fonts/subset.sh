#!/bin/sh
# Subsets the fonts of this folder from the packages that README.md names; needs npm, apt on Debian 12 and Python with fonttools 4.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for name in noto-sans@0.4.2 noto-sans-kr@0.4.3 noto-sans-thai@0.4.2; do
    npm pack --silent "@expo-google-fonts/$name" > packed
    mkdir "${name%@*}"
    tar xzf "$(cat packed)" -C "${name%@*}" --strip-components=1
done
apt-get download fonts-noto-core=20201225-1
dpkg -x fonts-noto-core_*.deb debian
cp noto-sans/LICENSE_FONT "$here/OFL.txt"

common='--no-hinting --desubroutinize --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --drop-tables+=DSIG,STAT,MVAR'
# Latin, Latin-1, Latin Extended-A, the letters of Romanian and Vietnamese, combining marks, punctuation, currencies, letterlike signs,
# minus and its like, geometric shapes, and the replacement character.
latin='U+0020-007E,U+00A0-017F,U+0192,U+01A0-01A1,U+01AF-01B0,U+0218-021B,U+0237,U+02C6-02DD,U+0300-0304,U+0306-030C,U+0323,U+0326-0328,U+0331,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E80-1E85,U+1E9E,U+1EA0-1EF9,U+2000-200F,U+2010-2027,U+202F-2033,U+2039-203A,U+2044,U+20A0-20BF,U+2116,U+2122,U+2212,U+2215,U+2219,U+2248,U+2260,U+2264-2265,U+25A0-25A1,U+25CB,U+25CF,U+FB01-FB02,U+FFFD'
thai='U+0020,U+00A0,U+0E01-0E3A,U+0E3F-0E5B,U+200B-200D,U+25CC'
arabic='U+0020,U+00A0,U+0600-0603,U+0606-061C,U+061E-06FF,U+200C-200F,U+25CC,U+FD3E-FD3F'
# The 2,350 syllables of KS X 1001, the letters alone, and the punctuation of East Asian text; arrows.
korean=$(python3 -c 'print(",".join("U+%04X" % c for c in range(0xAC00, 0xD7A4) if len(chr(c).encode("euc_kr", "ignore")) == 2))')
korean="U+0020,U+2190-2193,U+3000-3003,U+3008-3011,U+3014-3015,U+301C,U+3131-318E,U+3200-321E,U+3260-327F,U+FF01-FF5E,U+FFE6,$korean"

for weight in 400Regular 600SemiBold; do
    out=${weight#?00}
    pyftsubset "noto-sans/$weight/NotoSans_$weight.ttf" $common --unicodes="$latin" \
        --layout-features=kern,mark,mkmk,ccmp,locl,tnum,lnum --output-file="$here/NotoSans-$out.ttf"
    pyftsubset "noto-sans-thai/$weight/NotoSansThai_$weight.ttf" $common --unicodes="$thai" \
        --layout-features='*' --output-file="$here/NotoSansThai-$out.ttf"
    pyftsubset "noto-sans-kr/$weight/NotoSansKR_$weight.ttf" $common --unicodes="$korean" \
        --layout-features= --output-file="$here/NotoSansKR-$out.ttf"
done
for weight in Regular Bold; do
    pyftsubset "debian/usr/share/fonts/truetype/noto/NotoSansArabic-$weight.ttf" $common --unicodes="$arabic" \
        --layout-features=ccmp,isol,init,medi,fina,rlig,locl,mark,mkmk,curs,kern --output-file="$here/NotoSansArabic-$weight.ttf"
done
ls -l "$here"
