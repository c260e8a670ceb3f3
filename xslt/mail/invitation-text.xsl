<?xml version="1.0" encoding="UTF-8"?>
<!-- The text of an invitation. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:output method="text" encoding="UTF-8"/>

<xsl:template match="/">
	<xsl:for-each select="t:mail">
		<xsl:text>Hello </xsl:text>
		<xsl:value-of select="@name"/>
		<xsl:text>,&#10;&#10;</xsl:text>
		<xsl:if test="@inviter"><xsl:value-of select="@inviter"/> invites you</xsl:if><xsl:if test="not(@inviter)">You are invited</xsl:if><xsl:text> to </xsl:text>
		<xsl:value-of select="@tenant"/>
		<xsl:text>. Open this link, choose a password, and you are in:&#10;&#10;</xsl:text>
		<xsl:value-of select="@link"/>
		<xsl:text>&#10;&#10;It works once, until </xsl:text>
		<xsl:value-of select="concat(substring(@expires, 1, 10), ' ', substring(@expires, 12, 5), ' UTC')"/>
		<xsl:text>. You log in with </xsl:text>
		<xsl:value-of select="@email"/>
		<xsl:text>.&#10;&#10;If you did not expect this, do nothing.&#10;</xsl:text>
		<xsl:value-of select="concat('&#10;-- &#10;', @product, '&#10;')"/>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
