<?xml version="1.0" encoding="UTF-8"?>
<!-- The HTML of a mail about a contract; what has happened to it is @kind of the mail. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:import href="../lib/mail.xsl"/>

<xsl:template name="title">Contract “<xsl:value-of select="t:contract/@name"/>” of <xsl:value-of select="t:contract/@tenant"/></xsl:template>
<xsl:template name="content">
	<p>Hello,</p>
	<xsl:for-each select="t:contract">
		<p>
			<xsl:text>The contract “</xsl:text><strong><xsl:value-of select="@name"/></strong><xsl:text>” of </xsl:text><strong><xsl:value-of select="@tenant"/></strong>
			<xsl:choose>
				<xsl:when test="../@kind = 'contract-active'"> has been marked as active</xsl:when>
				<xsl:when test="../@kind = 'contract-changed'"> has been changed</xsl:when>
				<xsl:when test="../@kind = 'contract-cancelled'"> has been cancelled</xsl:when>
				<xsl:otherwise> has been superseded</xsl:otherwise>
			</xsl:choose>
			<xsl:if test="@maker"> by <xsl:value-of select="@maker"/></xsl:if>
			<xsl:text>.</xsl:text>
		</p>
		<xsl:choose>
			<xsl:when test="../@kind = 'contract-active'"><p>Start: <xsl:value-of select="@start"/><br/>End: <xsl:choose><xsl:when test="@end"><xsl:value-of select="@end"/></xsl:when><xsl:otherwise>open</xsl:otherwise></xsl:choose><br/>Renewal: <xsl:value-of select="@renewal"/></p></xsl:when>
			<xsl:when test="../@kind = 'contract-changed'"><xsl:call-template name="changes"/></xsl:when>
			<xsl:when test="../@kind = 'contract-cancelled'"><xsl:if test="@reason"><p>Reason: <xsl:value-of select="@reason"/></p></xsl:if></xsl:when>
			<xsl:otherwise><xsl:call-template name="successor"/></xsl:otherwise>
		</xsl:choose>
	</xsl:for-each>
	<xsl:call-template name="button"><xsl:with-param name="text">Open the contract</xsl:with-param></xsl:call-template>
	<p>You get this because the contract names your address for its changes, or did until now.</p>
</xsl:template>

<xsl:template name="changes">
	<table>
		<tr><th scope="col">Field</th><th scope="col">Until now</th><th scope="col">From now on</th></tr>
		<xsl:for-each select="t:change">
			<tr>
				<th scope="row"><xsl:value-of select="@label"/></th>
				<td><xsl:choose><xsl:when test="@from"><xsl:value-of select="@from"/></xsl:when><xsl:otherwise>---</xsl:otherwise></xsl:choose></td>
				<td><xsl:choose><xsl:when test="@to"><xsl:value-of select="@to"/></xsl:when><xsl:otherwise>---</xsl:otherwise></xsl:choose></td>
			</tr>
		</xsl:for-each>
	</table>
</xsl:template>

<!-- One that ends before it starts was superseded before it began. -->
<xsl:template name="successor">
	<p>
		<xsl:if test="@successor">“<xsl:value-of select="@successor"/>” takes its place. </xsl:if>
		<xsl:choose>
			<xsl:when test="translate(@end, '-', '') &lt; translate(@start, '-', '')">It does not begin.</xsl:when>
			<xsl:otherwise>Its last day is <xsl:value-of select="@end"/>.</xsl:otherwise>
		</xsl:choose>
	</p>
</xsl:template>
</xsl:stylesheet>
